import {
  call,
  Dialog,
  Field,
  fieldTitle,
  invalidate,
  Loading,
  t,
  toast,
  type ApiError,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS } from '../model/customer.ts'
import { followImport, type Import } from './follow-import.ts'
import { uploadFile } from './upload-file.ts'

/** What the server makes of a file. */
interface Preview {
  readonly fileName: string
  readonly header: readonly string[]
  readonly mapping: Readonly<Record<string, string | null>>
  readonly key: string | null
  /** Why it would be refused. */
  readonly problems: readonly string[]
  readonly fields: readonly { readonly name: string; readonly required: boolean }[]
  readonly rows: readonly {
    readonly line: number
    readonly cells: readonly string[]
    readonly problems: readonly { readonly column: string | null; readonly reason: string }[]
  }[]
}

/** Fields by which rows that exist are found. */
const KEYS = ['externalId', 'id'] as const

/** Customers of a CSV file: what its columns become is proposed, tried on the first rows, and can be corrected. */
export function ImportCustomers({ onClose }: { readonly onClose: () => void }) {
  const [fileId, setFileId] = useState<string>()
  const [preview, setPreview] = useState<Preview>()
  const [isDry, setDry] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError>()
  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await deed()
    } catch (error) {
      setProblem(error as ApiError)
    }
    setBusy(false)
  }
  const look = async (id: string, choices: Partial<Preview>): Promise<Preview> => {
    const { mapping, key } = choices
    const body = { fileId: id, ...(mapping ? { mapping } : {}), ...(key === undefined ? {} : { key }) }
    const found = await call<Preview>(`${CUSTOMERS}/import/preview`, { body })
    setPreview(found)
    return found
  }
  const choose = (file: File): Promise<void> =>
    attempt(async () => {
      const id = await uploadFile(file)
      setFileId(id)
      const { header, mapping } = await look(id, {})
      // What no name tells is left out until somebody says what it is.
      const others = header.filter((name) => mapping[name] === null)
      if (others.length > 0)
        await look(id, { mapping: { ...mapping, ...Object.fromEntries(others.map((name) => [name, null])) } })
    })
  const change = (choices: Partial<Preview>): void => {
    const { mapping, key } = { ...preview!, ...choices }
    setPreview({ ...preview!, mapping, key })
    void attempt(async () => void (await look(fileId!, { mapping, key })))
  }
  const start = (event: Event): void => {
    event.preventDefault()
    if (!preview || busy) return
    void attempt(async () => {
      const { mapping, key } = preview
      const row = await call<Import>(`${CUSTOMERS}/import`, {
        body: { fileId, mapping, key, dryRun: isDry },
      })
      invalidate('/api/v1/imports')
      toast(t('customers.import.started'))
      onClose()
      void followImport(row)
    })
  }
  const isReady = preview !== undefined && preview.problems.length === 0 && !busy
  return (
    <Dialog
      title={t('customers.import.title')}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="import" class="main" disabled={!isReady}>
            {t(isDry ? 'customers.import.try' : 'customers.import')}
          </button>
        </>
      }
    >
      <form id="import" class="stack import" onSubmit={start}>
        <Field
          label={t('customers.import.file')}
          hint={t('customers.import.file.help')}
          error={preview ? undefined : problem?.message}
        >
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".csv,.tsv,.txt,text/csv"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? []
                if (file) void choose(file)
              }}
            />
          )}
        </Field>
        {busy && !preview && <Loading />}
        {preview && (
          <>
            <Mapping preview={preview} onMapping={(mapping) => change({ mapping })} />
            <Field label={t('customers.import.key')} hint={t('customers.import.key.help')}>
              {(control) => (
                <select
                  {...control}
                  value={preview.key ?? ''}
                  onChange={(event) => change({ key: event.currentTarget.value || null })}
                >
                  <option value="">{t('customers.import.key.none')}</option>
                  {KEYS.map((name) => (
                    <option key={name} value={name}>
                      {titleOf(name)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <label class="check">
              <input
                type="checkbox"
                checked={isDry}
                onChange={(event) => setDry(event.currentTarget.checked)}
              />
              {t('customers.import.dry')}
            </label>
            <Problems preview={preview} problem={problem} />
          </>
        )}
      </form>
    </Dialog>
  )
}

/** Which field each column of the file becomes. */
function Mapping({
  preview: { header, mapping, fields, rows },
  onMapping,
}: {
  readonly preview: Preview
  readonly onMapping: (mapping: Preview['mapping']) => void
}) {
  return (
    <div class="table" role="region" aria-label={t('customers.import.columns')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('customers.import.column')}</th>
            <th scope="col">{t('customers.import.example')}</th>
            <th scope="col">{t('customers.import.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {header.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{rows[0]?.cells[at]}</td>
              <td>
                <select
                  aria-label={t('customers.import.becomes.of', { column: name })}
                  value={mapping[name] ?? ''}
                  onChange={({ currentTarget: { value } }) =>
                    onMapping({ ...mapping, [name]: value || null })
                  }
                >
                  <option value="">{t('customers.import.leave_out')}</option>
                  {fields.map((field) => (
                    <option key={field.name} value={field.name}>
                      {titleOf(field.name)}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Why it cannot begin, and which of the first rows would be refused. */
function Problems({
  preview: { problems, rows },
  problem,
}: {
  readonly preview: Preview
  readonly problem: ApiError | undefined
}) {
  const refused = rows.flatMap(({ line, problems: own }) =>
    own.map(({ column, reason }) =>
      t('customers.import.refused', { line: String(line), reason: column ? `${column}: ${reason}` : reason }),
    ),
  )
  const blocking = [...problems, ...(problem ? [problem.message] : [])]
  return (
    <div role="status" class="problems">
      {blocking.map((text) => (
        <p key={text} class="wrong">
          {text}
        </p>
      ))}
      {refused.length > 0 && <p>{t('customers.import.refused.title')}</p>}
      <ul>
        {refused.slice(0, 5).map((text) => (
          <li key={text} class="wrong">
            {text}
          </li>
        ))}
      </ul>
    </div>
  )
}

function titleOf(field: string): string {
  return fieldTitle('customers', field)
}
