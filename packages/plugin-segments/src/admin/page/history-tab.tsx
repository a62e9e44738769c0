import {
  call,
  ErrorState,
  fmt,
  invalidate,
  LineChart,
  Loading,
  t,
  Table,
  toast,
  useQuery,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { Builder } from '../builder/builder.tsx'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/use-names.ts'
import type { RunRow, SegmentRow, VersionRow } from '../model/segment.ts'
import { readTree } from '../model/tree.ts'

interface Size {
  readonly at: string
  readonly count: number
}

interface HistoryProps {
  readonly row: SegmentRow
  readonly language: Language
  readonly names: Names
  readonly isReadOnly: boolean
  readonly isDirty: boolean
  readonly onRestored: (row: SegmentRow) => void
}

const NO_ISSUES = new Map()
const nothing = (): void => undefined

/** What its rules were, to be looked at and brought back, and the times that everybody was evaluated. */
export function HistoryTab({ row, language, names, isReadOnly, isDirty, onRestored }: HistoryProps) {
  const [open, setOpen] = useState<number | null>(null)
  const versions = useQuery<{ readonly items: readonly VersionRow[] }>(
    `/api/v1/segments/${row.id}/versions?sort=-createdAt&limit=50`,
  )
  const runs = useQuery<{ readonly items: readonly RunRow[] }>(
    `/api/v1/segments/${row.id}/runs?sort=-createdAt&limit=20`,
  )
  if (versions.error) return <ErrorState error={versions.error} retry={versions.reload} />
  if (!versions.data) return <Loading />
  const restore = async (number: number): Promise<void> => {
    try {
      const fresh = await call<SegmentRow>(`/api/v1/segments/${row.id}/versions/${number}/restore`, {
        method: 'POST',
      })
      invalidate('/api/v1/segments')
      onRestored(fresh)
      toast(t('segments.version.restored', { number }))
    } catch (problem) {
      toast((problem as Error).message, { kind: 'problem' })
    }
  }
  const current = Math.max(...versions.data.items.map(({ number }) => number))
  return (
    <div class="history">
      <SizeChart id={row.id} />
      <h2>{t('segments.versions')}</h2>
      <ol class="versions" reversed>
        {versions.data.items.map((version) => (
          <li key={version.id}>
            <div class="row">
              <button
                type="button"
                class="plain"
                aria-expanded={open === version.number}
                onClick={() => setOpen(open === version.number ? null : version.number)}
              >
                {t('segments.version', { number: version.number })}
              </button>
              <span class="quiet">
                <time dateTime={version.createdAt}>{fmt.time(version.createdAt)}</time> ·{' '}
                {t(`segments.kind.${version.kind}`)}
              </span>
              {version.number === current ? (
                <span class="badge">{t('segments.version.current')}</span>
              ) : (
                !isReadOnly && (
                  <button
                    type="button"
                    disabled={isDirty}
                    title={isDirty ? t('segments.version.dirty') : undefined}
                    aria-label={t('segments.version.restore', { number: version.number })}
                    onClick={() => void restore(version.number)}
                  >
                    {t('segments.restore')}
                  </button>
                )
              )}
            </div>
            {open === version.number && (
              <Builder
                language={language}
                names={names}
                root={readTree(version.condition)}
                isReadOnly
                issues={NO_ISSUES}
                onEdit={nothing}
                onLeave={nothing}
              />
            )}
          </li>
        ))}
      </ol>
      {runs.data && runs.data.items.length > 0 && (
        <>
          <h2>{t('segments.runs')}</h2>
          <Table
            label={t('segments.runs')}
            rows={runs.data.items}
            keyOf={({ id }) => id}
            columns={[
              { name: 'startedAt', label: t('segments.run.at'), show: (run) => fmt.time(run.startedAt) },
              {
                name: 'reason',
                label: t('segments.run.reason'),
                show: (run) => t(`segments.run.reason.${run.reason}`),
              },
              {
                name: 'state',
                label: t('segments.status'),
                show: (run) => t(`segments.run.state.${run.state}`),
              },
              {
                name: 'entered',
                label: t('segments.run.entered'),
                numeric: true,
                show: (run) => fmt.number(run.entered),
              },
              {
                name: 'left',
                label: t('segments.run.left'),
                numeric: true,
                show: (run) => fmt.number(run.left),
              },
            ]}
          />
        </>
      )}
    </div>
  )
}

/** The last thirty days; nothing on the day that the segment was made. */
function SizeChart({ id }: { readonly id: string }) {
  const { data } = useQuery<{ readonly items: readonly Size[] }>(`/api/v1/segments/${id}/sizes`)
  if (!data || data.items.length < 2) return null
  return (
    <LineChart
      title={t('segments.growth')}
      labels={data.items.map(({ at }) => at)}
      showLabel={(at) => fmt.day(at)}
      series={[{ name: t('segments.size'), values: data.items.map(({ count }) => count) }]}
    />
  )
}
