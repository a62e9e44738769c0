import { ErrorState, fmt, LineChart, Loading, t, useQuery } from '@clientele/admin-sdk'

interface DailySales {
  readonly currency: string
  readonly days: readonly { readonly from: string; readonly sales: number }[]
}

/** What was sold each day of the last 30; on the first page, as soon as something was. */
export function SalesChart() {
  const { data, error, reload } = useQuery<DailySales>('/api/v1/metrics/daily-sales?period=30d')
  if (!data) return error ? <ErrorState error={error} retry={reload} /> : <Loading />
  const { currency, days } = data
  if (days.every(({ sales }) => sales === 0)) return null
  return (
    <LineChart
      title={t('orders.chart.sales')}
      labels={days.map(({ from }) => from)}
      series={[{ name: t('orders.chart.sold'), values: days.map(({ sales }) => sales) }]}
      format={(minor) => fmt.money(minor, currency)}
      showLabel={fmt.day}
    />
  )
}
