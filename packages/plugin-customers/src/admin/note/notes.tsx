import {
  call,
  can,
  Confirm,
  ErrorState,
  Field,
  fmt,
  Icon,
  invalidate,
  keep,
  kept,
  Loading,
  manifest,
  More,
  session,
  t,
  toast,
  usePages,
  useRowName,
  type ApiError,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

interface Note {
  readonly id: string
  readonly text: string
  readonly authorKind: string
  readonly authorId: string
  readonly createdAt: string
}

/** What people wrote down about a customer. What is typed and not saved stays for this window. */
export function Notes({ customer: { id } }: { readonly customer: CustomerRow }) {
  const path = `${CUSTOMERS}/${id}/notes`
  const pages = usePages<Note>(`${path}?limit=50&sort=-createdAt`)
  const [going, setGoing] = useState<Note | null>(null)
  const { items, error, reload } = pages
  const mayWrite = can('customers:write')
  return (
    <div class="stack">
      {mayWrite && <NewNote path={path} />}
      {items === undefined ? (
        error ? (
          <ErrorState error={error} retry={reload} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <p class="quiet">{t('customers.notes.none')}</p>
      ) : (
        <ul class="notes">
          {items.map((note) => (
            <li key={note.id}>
              <p class="text">{note.text}</p>
              <p class="quiet by">
                <Author note={note} />, <time dateTime={note.createdAt}>{fmt.time(note.createdAt)}</time>
                {mayWrite && (
                  <button
                    type="button"
                    class="plain icon"
                    aria-label={t('customers.notes.remove')}
                    onClick={() => setGoing(note)}
                  >
                    <Icon name="trash" />
                  </button>
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
      <More pages={pages} />
      {going && (
        <Confirm
          title={t('customers.notes.remove.title')}
          action={t('remove')}
          onConfirm={async () => {
            await call(`/api/v1/customer-notes/${going.id}`, { method: 'DELETE' })
            invalidate(path)
            toast(t('removed', { count: 1 }))
          }}
          onClose={() => setGoing(null)}
        >
          <p class="text">{going.text}</p>
          <p class="quiet">{t('customers.notes.remove.text')}</p>
        </Confirm>
      )}
    </div>
  )
}

function NewNote({ path }: { readonly path: string }) {
  const place = `note.${path}`
  const [text, setText] = useState(() => String(kept(place) ?? ''))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError>()
  const type = (next: string): void => {
    setText(next)
    keep(place, next || null)
  }
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy || text.trim() === '') return
    setBusy(true)
    setProblem(undefined)
    try {
      await call(path, { body: { text } })
      type('')
      invalidate(path)
    } catch (error) {
      setProblem(error as ApiError)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      <Field label={t('customers.notes.new')} error={problem?.fields['text'] ?? problem?.message}>
        {(control) => (
          <textarea
            {...control}
            rows={3}
            maxLength={10_000}
            value={text}
            onInput={(event) => type(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(event)
            }}
          />
        )}
      </Field>
      <button type="submit" class="main end" disabled={busy || text.trim() === ''}>
        {t('customers.notes.add')}
      </button>
    </form>
  )
}

function Author({ note: { authorKind, authorId } }: { readonly note: Note }) {
  const users = manifest.value?.entities['users']
  const name = useRowName(authorKind === 'user' ? users : undefined, authorId)
  const { id, kind } = session.value?.actor ?? {}
  if (kind === authorKind && id === authorId) return <>{t('customers.notes.you')}</>
  const kindTitle = t(`customers.notes.by.${authorKind}`)
  return <>{name ?? (authorKind === 'system' ? kindTitle : `${kindTitle} ${authorId.slice(-8)}`)}</>
}
