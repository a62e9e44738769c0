import { fmt, Link, t, useQuery, type StatDescription } from '@clientele/admin-sdk'
import { valueIn } from './value-in.ts'
import { withDays } from './with-days.ts'

/** One figure, and the way to what lies behind it. */
export function Stat({ stat: { title, source, value, format, to } }: { readonly stat: StatDescription }) {
  const { data, error, reload } = useQuery<unknown>(withDays(source))
  const found = valueIn(data, value)
  const shown = typeof found === 'number' ? FORMATS[format](found) : '–'
  return (
    <li class="stat">
      <p class="quiet">{to ? <Link to={withDays(to)}>{t(title)}</Link> : t(title)}</p>
      {error && data === undefined ? (
        <p>
          <span class="wrong">{t('stat.failed')}</span>{' '}
          <button type="button" class="plain" onClick={reload}>
            {t('retry')}
          </button>
        </p>
      ) : (
        <p class="figure" aria-busy={data === undefined}>
          {data === undefined ? <span class="unseen">{t('loading')}</span> : shown}
        </p>
      )}
    </li>
  )
}

const FORMATS = {
  number: (value: number) => fmt.number(value),
  money: (value: number) => fmt.money(value),
  percent: (value: number) => fmt.percent(value),
} as const
