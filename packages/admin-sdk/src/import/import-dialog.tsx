import { useState } from 'preact/hooks'
import { call, type ApiError } from '../api/call.ts'
import { uploadFile } from '../api/upload-file.ts'
import { invalidate } from '../api/use-query.ts'
import { fieldTitle } from '../entity/names.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Loading } from '../ui/states.tsx'
import { toast } from '../ui/toasts.tsx'
import { importsEn } from '../words/imports.en.ts'
import { importsPt } from '../words/imports.pt.ts'
import { t } from '../words/words.ts'
import { followImport, type Import } from './follow-import.ts'
import { Mapping } from './mapping.tsx'
import type { Preview } from './preview.ts'
import { Problems } from './problems.tsx'

/** How rows that are there already are found, as a question of the dialog. */
export interface ImportMatch {
  /** Fields of the entity that may be the key: `['externalId', 'id']`. */
  readonly fields: readonly string[]
  readonly label: string
  readonly hint?: string
  /** What it is called to look for none: every row is a new one. */
  readonly none: string
}

/** What the import of a file is made of. */
export interface ImportDialogProps {
  /** One whose `crudRoutes` take imports. */
  readonly entity: EntityDescription
  readonly title: string
  readonly match: ImportMatch
  readonly onClose: () => void
}

/** Rows of a CSV file: what its columns become is proposed, tried on the first rows, and can be corrected. */
export function ImportDialog({ entity, title, match, onClose }: ImportDialogProps) {
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
    const found = await call<Preview>(`${entity.path}/import/preview`, { body })
    setPreview(found)
    return found
  }
  const choose = (file: File): Promise<void> =>
    attempt(async () => {
      const id = await uploadFile(file, 'text/csv')
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
      const row = await call<Import>(`${entity.path}/import`, {
        body: { fileId, mapping, key, dryRun: isDry },
      })
      invalidate('/api/v1/imports')
      toast(t('import.started'))
      onClose()
      void followImport(row, entity.path)
    })
  }
  const isReady = preview !== undefined && preview.problems.length === 0 && !busy
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="import" class="main" disabled={!isReady}>
            {t(isDry ? 'import.try' : 'import.go')}
          </button>
        </>
      }
    >
      <form id="import" class="import" onSubmit={start}>
        <Field
          label={t('import.file')}
          hint={t('import.file.help')}
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
            <Mapping entity={entity.name} preview={preview} onMapping={(mapping) => change({ mapping })} />
            <Field label={match.label} {...(match.hint ? { hint: match.hint } : {})}>
              {(control) => (
                <select
                  {...control}
                  value={preview.key ?? ''}
                  onChange={(event) => change({ key: event.currentTarget.value || null })}
                >
                  <option value="">{match.none}</option>
                  {match.fields.map((name) => (
                    <option key={name} value={name}>
                      {fieldTitle(entity.name, name)}
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
              {t('import.dry')}
            </label>
            <Problems preview={preview} problem={problem} />
          </>
        )}
      </form>
    </Dialog>
  )
}

/** What only imports say. */
export const words = { en: importsEn, pt: importsPt }
