import {
  EmptyState,
  ErrorState,
  fmt,
  Loading,
  navigate,
  Page,
  t,
  Table,
  useQuery,
} from '@clientele/admin-sdk'
import { BALANCES, type Balance } from './balance.ts'

/** The page `/loyalty`: who has most points. */
export function Balances() {
  const { data, error, reload } = useQuery<{ items: readonly Balance[] }>(BALANCES)
  return (
    <Page title={t('loyalty.balances')}>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <EmptyState title={t('loyalty.none')} />
      ) : (
        <Table
          label={t('loyalty.balances')}
          rows={data.items}
          keyOf={(row) => row.customerId}
          onOpen={(row) => navigate(`/customers?open=${row.customerId}`)}
          columns={[
            { name: 'email', label: t('loyalty.customer'), show: (row) => row.email ?? row.customerId },
            {
              name: 'points',
              label: t('loyalty.points'),
              numeric: true,
              show: (row) => fmt.number(row.points),
            },
          ]}
        />
      )}
    </Page>
  )
}
