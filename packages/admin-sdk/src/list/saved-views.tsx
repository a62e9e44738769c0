import { useState } from 'preact/hooks'
import { ApiError, call } from '../api/call.ts'
import { invalidate, useQuery } from '../api/use-query.ts'
import { navigate, setQuery } from '../navigation/place.ts'
import { manifest } from '../panel/manifest.ts'
import { session } from '../session/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'

/** Filters, sort and columns of a list under a name. */
export interface SavedView {
  readonly id: string
  /** Whose list: the panel's id. */
  readonly panel: string
  readonly name: string
  /** As the address says it: `status=active&sort=-createdAt`. */
  readonly query: string
  /** Null: those of the list. */
  readonly columns: readonly string[] | null
  readonly isShared: boolean
  /** Whose it is. */
  readonly ownerId?: string | null
}

const PATH = '/api/v1/admin/saved-views'

/** The saved views of a list; undefined where there are none because the server has no place for them. */
export function useSavedViews(panel: string): readonly SavedView[] | undefined {
  const isThere = Object.values(manifest.value?.entities ?? {}).some(({ path }) => path === PATH)
  const { data } = useQuery<{ items: readonly SavedView[] }>(
    isThere ? `${PATH}?panel=${encodeURIComponent(panel)}&limit=200` : null,
  )
  return isThere ? (data?.items ?? []) : undefined
}

interface SavedViewsProps {
  readonly panel: string
  readonly path: string
  readonly views: readonly SavedView[]
  /** The one in the address. */
  readonly current: SavedView | undefined
  /** What the list shows now, as a view would keep it. */
  readonly query: string
  readonly columns: readonly string[] | null
}

/** Chooses, saves, changes and removes views. */
export function SavedViews({ panel, path, views, current, query, columns }: SavedViewsProps) {
  const [isNaming, setNaming] = useState(false)
  const isChanged =
    current !== undefined &&
    (current.query !== query || JSON.stringify(current.columns ?? null) !== JSON.stringify(columns))
  const isMine = (view: SavedView): boolean =>
    (view.ownerId ?? session.value?.actor.id) === session.value?.actor.id
  const open = (view: SavedView): MenuItem => ({
    id: view.id,
    label: view.name,
    isChecked: view.id === current?.id,
    onSelect: () => goTo(path, view),
  })
  const group = (all: readonly SavedView[], heading: string): MenuItem[] =>
    all.map((view, place) => ({ ...open(view), ...(place === 0 ? { heading } : {}) }))
  const items: MenuItem[] = [
    { id: 'all', label: t('views.all'), isChecked: !current, onSelect: () => navigate(path) },
    ...group(
      views.filter((view) => !view.isShared),
      t('views.mine'),
    ),
    ...group(
      views.filter((view) => view.isShared),
      t('views.shared'),
    ),
    { id: 'save', label: t('views.save'), icon: 'plus', isSeparated: true, onSelect: () => setNaming(true) },
  ]
  if (current && isMine(current)) {
    if (isChanged)
      items.push({
        id: 'update',
        label: t('views.update', { name: current.name }),
        icon: 'check',
        onSelect: () => void attempt(() => update(current, query, columns)),
      })
    items.push({
      id: 'remove',
      label: t('views.remove', { name: current.name }),
      icon: 'trash',
      onSelect: () => void attempt(() => remove(current, path)),
    })
  }
  return (
    <>
      <Menu
        title={`${t('views.title')}: ${current?.name ?? t('views.all')}`}
        label={
          <span class="what">
            {current?.name ?? t('views.title')}
            {isChanged && <i class="quiet"> · {t('views.changed')}</i>}
          </span>
        }
        items={items}
      />
      {isNaming && (
        <NameView
          onClose={() => setNaming(false)}
          onName={async (name, isShared) => {
            const view = await call<SavedView>(PATH, { body: { panel, name, query, columns, isShared } })
            invalidate(PATH)
            goTo(path, view)
          }}
        />
      )}
    </>
  )
}

function goTo(path: string, { id, query }: SavedView): void {
  const next = new URLSearchParams(query)
  next.set('view', id)
  navigate(`${path}?${next}`)
}

async function update(view: SavedView, query: string, columns: readonly string[] | null): Promise<void> {
  await call(`${PATH}/${view.id}`, { method: 'PATCH', body: { query, columns } })
  invalidate(PATH)
  // The view has them from now on.
  setQuery({ columns: null })
  toast(t('saved'))
}

async function remove(view: SavedView, path: string): Promise<void> {
  await call(`${PATH}/${view.id}`, { method: 'DELETE' })
  invalidate(PATH)
  navigate(path, { replace: true })
  const { panel, name, query, columns, isShared } = view
  toast(t('removed', { count: 1 }), {
    action: {
      label: t('undo'),
      run: () =>
        void attempt(async () => {
          const back = await call<SavedView>(PATH, { body: { panel, name, query, columns, isShared } })
          invalidate(PATH)
          goTo(path, back)
        }),
    },
  })
}

async function attempt(deed: () => Promise<void>): Promise<void> {
  await deed().catch((error: Error) => toast(error.message, { kind: 'problem' }))
}

function NameView({
  onName,
  onClose,
}: {
  readonly onName: (name: string, isShared: boolean) => Promise<void>
  readonly onClose: () => void
}) {
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    try {
      await onName(name.trim(), isShared)
      onClose()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
    }
  }
  return (
    <Dialog
      title={t('views.save')}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="name-view" class="main" disabled={name.trim() === ''}>
            {t('save')}
          </button>
        </>
      }
    >
      <form id="name-view" onSubmit={(event) => void save(event)} noValidate>
        <TextField
          label={t('views.name')}
          value={name}
          onValue={setName}
          maxLength={100}
          autoFocus
          required
          error={problem ? (problem.fields['name'] ?? problem.message) : undefined}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          {t('views.share')}
        </label>
      </form>
    </Dialog>
  )
}
