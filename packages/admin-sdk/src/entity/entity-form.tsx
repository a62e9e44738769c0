import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, call } from '../api/call.ts'
import { invalidate } from '../api/use-query.ts'
import { rowName } from '../list/row-names.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import { Conflict } from './conflict.tsx'
import { Control } from './control.tsx'
import { keepDraft, keptDraft } from './draft.ts'
import type { Row } from './show-value.tsx'
import { bodyOf, typedOf, type Typed, type TypedValues } from './typed-values.ts'

/** What a form is for. */
export interface EntityFormProps {
  readonly entity: EntityDescription
  /** Null: a new one. */
  readonly row: Row | null
  readonly onClose: () => void
  /** Names of the fields that it has. @default all that can be written */
  readonly fields?: readonly string[]
  /** What a new one begins with, besides what is typed: `{ customerId }`. */
  readonly values?: Row
  /** @default the row's name, or Create */
  readonly title?: string
  readonly onSaved?: (row: Row) => void
}

/**
 * Makes a row, or changes one: what was not touched is not sent. What was typed survives errors, a session that ends,
 * Back and a row that somebody else changed meanwhile; it is kept for this window until it is saved or dropped.
 */
export function EntityForm({ entity, row, onClose, fields: only, values, title, onSaved }: EntityFormProps) {
  const id = row ? String(row['id']) : 'new'
  const [draft] = useState(() => keptDraft(entity.name, id))
  const [typed, setTyped] = useState<TypedValues>(draft?.typed ?? {})
  const [isKept, setKept] = useState(draft !== null)
  const [base, setBase] = useState({ row, version: draft?.version ?? Number(row?.['version']) })
  const [theirs, setTheirs] = useState<Row | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const fields = entity.fields.filter(
    ({ name, readOnly, kind }) =>
      !readOnly && kind !== 'id' && (only?.includes(name) ?? true) && !(name in (values ?? {})),
  )
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [wrong])

  const change = (next: TypedValues): void => {
    setTyped(next)
    keepDraft(entity.name, id, row ? { typed: next, version: base.version } : { typed: next })
  }
  const drop = (): void => {
    change({})
    setKept(false)
    setWrong({})
    setProblem(null)
  }
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const { body, problems } = bodyOf(fields, typed)
    setProblem(null)
    setWrong(problems)
    if (Object.keys(problems).length > 0) return
    setBusy(true)
    try {
      const saved = await (row
        ? call<Row>(`${entity.path}/${id}`, {
            method: 'PATCH',
            body,
            headers: Number.isInteger(base.version) ? { 'if-match': `"${base.version}"` } : {},
          })
        : call<Row>(entity.path, { body: { ...values, ...body } }))
      keepDraft(entity.name, id, null)
      invalidate(entity.path)
      toast(t('saved'))
      onSaved?.(saved)
      onClose()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { current } = error
      if (error.status === 412 && current) {
        setTheirs(current)
        setBase({ row: base.row, version: Number(current['version']) })
      } else setProblem(error)
      setWrong(wrongFields(error))
    } finally {
      setBusy(false)
    }
  }
  const names = new Set(fields.map(({ name }) => name))
  const isElsewhere = problem !== null && !Object.keys(wrong).some((name) => names.has(name))
  return (
    <Dialog
      side
      title={title ?? (row ? `${t('edit')}: ${rowName(entity, row)}` : t('create'))}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form={`form-${entity.name}`} class="main" disabled={busy}>
            {t('save')}
          </button>
        </>
      }
    >
      <form ref={form} id={`form-${entity.name}`} onSubmit={(event) => void save(event)} noValidate>
        {isKept && (
          <p class="note quiet" role="status">
            <span class="grow">{t('form.draft')}</span>
            <button type="button" onClick={drop}>
              {t('form.draft.drop')}
            </button>
          </p>
        )}
        {theirs && (
          <Conflict
            entity={entity}
            fields={fields}
            before={base.row}
            theirs={theirs}
            typed={typed}
            onTake={(name) => {
              const { [name]: _, ...rest } = typed
              change(rest)
            }}
          />
        )}
        {problem && (
          <p class="wrong" role="alert">
            {isElsewhere ? problem.message : t('form.problems')}
            {isElsewhere && problem.requestId && (
              <small class="quiet"> {t('error.request', { id: problem.requestId })}</small>
            )}
          </p>
        )}
        {fields.map((field) => (
          <Control
            key={field.name}
            entity={entity.name}
            field={field}
            typed={shown(typed[field.name], () => typedOf(field, (theirs ?? row)?.[field.name]))}
            error={wrong[field.name]}
            onTyped={(value) => change({ ...typed, [field.name]: value })}
          />
        ))}
      </form>
    </Dialog>
  )
}

function shown(typed: Typed | undefined, before: () => Typed): Typed {
  return typed === undefined ? before() : typed
}

/** What is wrong by field; what is wrong inside of one (`tags.2`) is told at it. */
function wrongFields({ fields }: ApiError): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [path, message] of Object.entries(fields)) found[path.split('.', 1)[0]!] ??= message
  return found
}
