import {
  base,
  call,
  EmptyState,
  ErrorState,
  fmt,
  Icon,
  invalidate,
  Loading,
  personName,
  setQuery,
  t,
  Table,
  toast,
  usePlace,
  useQuery,
  type Person,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import type { PinMode } from '../../pin/pin-mode.ts'
import type { SegmentRow } from '../model/segment.ts'
import { PersonLink } from '../person/person-link.tsx'
import { PinDialog } from './pin-dialog.tsx'
import { Pins } from './pins.tsx'

interface MembersPage {
  readonly items: readonly Person[]
  readonly enteredAt: Readonly<Record<string, string>>
  readonly nextCursor: string | null
}

/** Who is in it, since when, and who was put in or out by hand. */
export function MembersTab({ row, isReadOnly }: { readonly row: SegmentRow; readonly isReadOnly: boolean }) {
  const { query } = usePlace()
  const { q = '', cursor } = query
  const [pinning, setPinning] = useState<{ readonly mode: PinMode; readonly person?: Person } | null>(null)
  const path = `/api/v1/segments/${row.id}/members`
  const asked = new URLSearchParams({ limit: '50', ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) })
  const { data, error, isLoading, reload } = useQuery<MembersPage>(`${path}?${asked}`)
  const canPin = !isReadOnly && (row.kind === 'dynamic' || row.kind === 'manual')
  const refresh = (): void => {
    invalidate(`/api/v1/segments/${row.id}/`)
  }
  const undoable = async (person: Person): Promise<void> => {
    const pin = `/api/v1/segments/${row.id}/pins/${person.id}`
    // A manual segment holds those who are pinned: whoever goes loses the pin.
    if (row.kind === 'manual') await call(pin, { method: 'DELETE' })
    else await call(pin, { method: 'PUT', body: { mode: 'exclude' } })
    refresh()
    const undo = async (): Promise<void> => {
      if (row.kind === 'manual') await call(pin, { method: 'PUT', body: { mode: 'include' } })
      else await call(pin, { method: 'DELETE' })
      refresh()
    }
    toast(t('segments.members.removed', { name: personName(person) }), {
      action: { label: t('segments.undo'), run: () => void undo() },
    })
  }
  const remove = (person: Person): void => {
    undoable(person).catch((problem: Error) => toast(problem.message, { kind: 'problem' }))
  }
  return (
    <>
      <div class="tools">
        <input
          type="search"
          aria-label={t('segments.members.search')}
          placeholder={t('search')}
          value={q}
          onChange={(event) => setQuery({ q: event.currentTarget.value || null, cursor: null })}
        />
        <span class="count actions">
          <a class="button" href={`${base.api}${path}.csv${q ? `?q=${encodeURIComponent(q)}` : ''}`} download>
            <Icon name="download" />
            CSV
          </a>
          {canPin && (
            <button type="button" onClick={() => setPinning({ mode: 'include' })}>
              <Icon name="plus" />
              {t('segments.members.add')}
            </button>
          )}
        </span>
      </div>
      {row.kind !== 'static' && row.kind !== 'snapshot' && <Pins segmentId={row.id} isReadOnly={!canPin} />}
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        q ? (
          <EmptyState title={t('segments.members.no_match')}>
            {t('segments.members.no_match.text')}
          </EmptyState>
        ) : (
          <EmptyState title={t('segments.members.none')}>
            {t(row.status === 'computing' ? 'segments.members.soon' : `segments.members.none.${row.kind}`)}
          </EmptyState>
        )
      ) : (
        <div aria-busy={isLoading}>
          <Table
            label={t('segments.tab.members')}
            rows={data.items}
            keyOf={({ id }) => id}
            columns={[
              {
                name: 'name',
                label: t('segments.members.name'),
                show: (person) => <PersonLink person={person} />,
              },
              { name: 'email', label: t('field.customers.email'), show: ({ email }) => email },
              {
                name: 'enteredAt',
                label: t('segments.members.since'),
                show({ id }) {
                  const at = data.enteredAt[id]
                  return at && <time dateTime={at}>{fmt.time(at)}</time>
                },
              },
              ...(canPin
                ? [
                    {
                      name: 'actions',
                      label: t('segments.actions'),
                      show: (person: Person) => (
                        <button
                          type="button"
                          class="plain small"
                          aria-label={t('segments.members.remove', { name: personName(person) })}
                          onClick={() => remove(person)}
                        >
                          {t('remove')}
                        </button>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          <nav class="pages" aria-label={t('segments.members.pages')}>
            {cursor && (
              <button type="button" onClick={() => setQuery({ cursor: null })}>
                <Icon name="left" />
                {t('segments.members.first')}
              </button>
            )}
            {data.nextCursor && (
              <button type="button" onClick={() => setQuery({ cursor: data.nextCursor }, { push: true })}>
                {t('segments.members.next')}
                <Icon name="right" />
              </button>
            )}
          </nav>
        </div>
      )}
      {pinning && (
        <PinDialog
          segmentId={row.id}
          mode={pinning.mode}
          onClose={() => setPinning(null)}
          onDone={() => {
            setPinning(null)
            refresh()
          }}
        />
      )}
    </>
  )
}
