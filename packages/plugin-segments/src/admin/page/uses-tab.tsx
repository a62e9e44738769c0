import { EmptyState, ErrorState, Link, Loading, t, useQuery } from '@clientele/admin-sdk'
import { say } from '../language/words.ts'

interface Use {
  readonly kind: string
  readonly id: string
  readonly name: string
}

/** What hangs on a segment and keeps it from being removed. */
export function UsesTab({ id }: { readonly id: string }) {
  const { data, error, reload } = useQuery<{ readonly items: readonly Use[] }>(`/api/v1/segments/${id}/uses`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Loading />
  if (data.items.length === 0)
    return <EmptyState title={t('segments.uses.none')}>{t('segments.uses.none.text')}</EmptyState>
  return (
    <ul class="cards-list">
      {data.items.map((use) => (
        <li key={`${use.kind} ${use.id}`}>
          <span class="badge">{say([`segments.use.${use.kind}`, use.kind])}</span>
          {use.kind === 'segment' ? <Link to={`/segments/${use.id}`}>{use.name}</Link> : use.name}
        </li>
      ))}
    </ul>
  )
}
