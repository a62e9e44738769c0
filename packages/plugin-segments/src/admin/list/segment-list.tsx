import {
  can,
  EmptyState,
  EntityPanel,
  fmt,
  Icon,
  Link,
  manifest,
  navigate,
  t,
  useQuery,
  type ListColumn,
  type Row,
} from '@clientele/admin-sdk'
import { useMemo } from 'preact/hooks'
import { useLanguage } from '../language/language.ts'
import type { SegmentRow } from '../model/segment.ts'
import { Status } from '../page/status.tsx'
import { templatesIn } from './templates.ts'

/** All segments, with their sizes; the ways to a new one where there is none. */
export function SegmentList() {
  const entity = manifest.value?.entities['segments']
  const all = useQuery<{ readonly total?: number }>('/api/v1/customers?limit=1&count=estimate').data?.total
  const columns = useMemo(() => columnsOf(all), [all])
  if (!entity) return null
  return (
    <EntityPanel
      entity={entity}
      title={t('segments.nav')}
      panel="segments"
      columns={columns}
      create={null}
      rowLink={(row) => `/segments/${String(row['id'])}`}
      empty={<Templates />}
      actions={
        can('segments:write') && (
          <Link class="button main" to="/segments/new">
            <Icon name="plus" />
            {t('segments.new')}
          </Link>
        )
      }
    />
  )
}

/** @param all how many customers there are */
function columnsOf(all: number | undefined): readonly ListColumn[] {
  const count = (row: Row): number | null => (row['memberCount'] ?? null) as number | null
  return [
    { name: 'name' },
    {
      name: 'memberCount',
      label: t('segments.size'),
      show: (row) => (count(row) === null ? '–' : fmt.number(count(row)!)),
    },
    {
      name: 'share',
      label: t('segments.share'),
      numeric: true,
      width: 100,
      show: (row) => (count(row) === null || !all ? '–' : fmt.percent(Math.min(1, count(row)! / all))),
    },
    { name: 'kind', label: t('segments.kind'), show: (row) => t(`segments.kind.${String(row['kind'])}`) },
    {
      name: 'status',
      label: t('segments.status'),
      show: (row) => <Status row={row as unknown as SegmentRow} />,
    },
    {
      name: 'updatedAt',
      label: t('segments.updated'),
      sortable: true,
      width: 225,
      show: (row) => fmt.time(String(row['updatedAt'])),
    },
  ]
}

/** What a segment may be, to begin with. */
function Templates() {
  const { data } = useLanguage()
  if (!can('segments:write'))
    return <EmptyState title={t('segments.none.yet')}>{t('segments.none.text')}</EmptyState>
  return (
    <section class="templates" aria-labelledby="templates-title">
      <h2 id="templates-title">{t('segments.none')}</h2>
      <p class="quiet">{t('segments.none.text')}</p>
      <ul>
        {(data ? templatesIn(data) : []).map(({ id, title, text }) => (
          <li key={id}>
            <Link class="template" to={`/segments/new?template=${id}`}>
              <strong>{title()}</strong>
              <span class="quiet">{text()}</span>
            </Link>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => navigate('/segments/new')}>
        {t('segments.from_scratch')}
      </button>
    </section>
  )
}
