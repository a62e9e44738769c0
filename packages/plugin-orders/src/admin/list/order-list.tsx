import {
  EmptyState,
  EntityPanel,
  fmt,
  manifest,
  t,
  useQuery,
  type ListColumn,
  type ListTab,
} from '@clientele/admin-sdk'
import { useMemo } from 'preact/hooks'
import { ORDER_STATES } from '../../order/order-state.ts'
import { OrderDrawer } from '../order/order-drawer.tsx'
import { CustomerLink } from './customer-link.tsx'

type Counts = Readonly<Record<'all' | (typeof ORDER_STATES)[number], number>>

/** All orders: by state, found by number or by the buyer’s address. */
export function OrderList() {
  const entity = manifest.value?.entities['orders']
  const counts = useQuery<Counts>('/api/v1/orders/tabs').data
  const columns = useMemo(columnsOf, [])
  if (!entity) return null
  return (
    <EntityPanel
      entity={entity}
      title={t('orders.nav')}
      columns={columns}
      tabs={tabsOf(counts)}
      sort="-placedAt"
      create={null}
      drawer={OrderDrawer}
      empty={<EmptyState title={t('orders.none')}>{t('orders.none.text')}</EmptyState>}
    />
  )
}

function tabsOf(counts: Counts | undefined): readonly ListTab[] {
  return [
    { id: 'all', label: t('orders.all'), query: {}, count: counts?.all },
    ...ORDER_STATES.map((state) => ({
      id: state,
      label: t(`field.orders.state.${state}`),
      query: { state },
      count: counts?.[state],
    })),
  ]
}

function columnsOf(): readonly ListColumn[] {
  return [
    { name: 'number', width: 92 },
    { name: 'placedAt', width: 225 },
    {
      name: 'customerId',
      width: 205,
      show: ({ customerId }) => <CustomerLink id={customerId as string | null} />,
    },
    { name: 'state', width: 120 },
    { name: 'itemCount', width: 80 },
    { name: 'total', width: 120 },
    {
      name: 'refundedTotal',
      width: 120,
      show: ({ refundedTotal }) =>
        refundedTotal === 0 ? <span class="quiet">–</span> : fmt.money(Number(refundedTotal)),
    },
  ]
}
