import { useState } from 'preact/hooks'
import { ApiError, call } from '../api/call.ts'
import { invalidate } from '../api/use-query.ts'
import type { EntityDescription, Field } from '../panel/manifest.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field as Labelled, TextField } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import { fieldTitle } from './names.ts'
import type { Row } from './show-value.tsx'

/** What a form is for. */
export interface EntityFormProps {
  readonly entity: EntityDescription
  /** Null: a new one. */
  readonly row: Row | null
  readonly onClose: () => void
}

/** Makes a row, or changes one: what was not touched is not sent, and what was typed survives an error. */
export function EntityForm({ entity, row, onClose }: EntityFormProps) {
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState(false)
  const fields = entity.fields.filter(({ readOnly, kind }) => !readOnly && EDITABLE.has(kind))
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    try {
      if (row) {
        const headers = { 'if-match': `"${String(row['version'])}"` }
        await call(`${entity.path}/${String(row['id'])}`, { method: 'PATCH', body: typed, headers })
      } else await call(entity.path, { body: typed })
      invalidate(entity.path)
      toast(t('saved'))
      onClose()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const wrong = problem?.fields ?? {}
  const own = fields.some(({ name }) => wrong[name])
  return (
    <Dialog
      side
      title={row ? t('edit') : t('create')}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="entity-form" class="main" disabled={busy}>
            {t('save')}
          </button>
        </>
      }
    >
      <form id="entity-form" onSubmit={(event) => void save(event)} noValidate>
        {problem && !own && (
          <p class="wrong" role="alert">
            {problem.message}
          </p>
        )}
        {fields.map((field) => (
          <Control
            key={field.name}
            field={field}
            label={fieldTitle(entity.name, field.name)}
            value={field.name in typed ? typed[field.name] : row?.[field.name]}
            error={wrong[field.name]}
            onValue={(value) => setTyped({ ...typed, [field.name]: value })}
          />
        ))}
      </form>
    </Dialog>
  )
}

const EDITABLE = new Set(['text', 'enum', 'integer', 'real', 'boolean', 'timestamp', 'amount'])

interface ControlProps {
  readonly field: Field
  readonly label: string
  readonly value: unknown
  readonly error: string | undefined
  readonly onValue: (value: unknown) => void
}

function Control({
  field: { kind, values = [], help, required },
  label,
  value,
  error,
  onValue,
}: ControlProps) {
  if (kind === 'boolean')
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onValue(event.currentTarget.checked)}
        />
        {label}
      </label>
    )
  if (kind === 'enum')
    return (
      <Labelled label={label} error={error} hint={help}>
        {(control) => (
          <select
            {...control}
            value={String(value ?? '')}
            onChange={(event) => onValue(event.currentTarget.value || null)}
          >
            <option value="" />
            {values.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    )
  const isNumber = kind === 'integer' || kind === 'real' || kind === 'amount'
  return (
    <TextField
      label={label}
      error={error}
      hint={help}
      required={required}
      inputMode={isNumber ? 'decimal' : undefined}
      value={value === null || value === undefined ? '' : String(value)}
      onValue={(text) =>
        onValue(text === '' ? null : isNumber && Number.isFinite(Number(text)) ? Number(text) : text)
      }
    />
  )
}
