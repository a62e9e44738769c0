import { ErrorState, ListDrawer, Loading, Slot, t, useQuery, type DrawerProps } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import type { Order, OrderDetails } from '../model/order.ts'
import { RefundDialog, type RefundWish } from '../refund/refund-dialog.tsx'
import { Refunds } from '../refund/refunds.tsx'
import { BuyerCard } from './buyer-card.tsx'
import { Deeds, type Deed } from './deeds.tsx'
import { History } from './history.tsx'
import { Lines } from './lines.tsx'
import { StepDialog } from './step-dialog.tsx'
import { Summary } from './summary.tsx'

/** One order: what was bought, by whom, what became of it, and what can be done now. */
export function OrderDrawer({ id, row, ...drawer }: DrawerProps) {
  const asked = useQuery<OrderDetails>(`/api/v1/orders/${id}`)
  const [deed, setDeed] = useState<Deed | RefundWish | null>(null)
  const close = (): void => setDeed(null)
  const details = asked.data
  const order = details?.order ?? (row as Order | undefined)
  return (
    <ListDrawer
      id={id}
      title={order && t('orders.title', { number: order.number })}
      error={asked.error}
      retry={asked.reload}
      actions={details && <Deeds details={details} onDeed={setDeed} />}
      {...drawer}
    >
      {details ? (
        <div class="order">
          <Summary order={details.order} />
          <Lines details={details} onRefund={setDeed} />
          <Refunds refunds={details.refunds} />
          <BuyerCard buyer={details.customer} country={details.order.country} />
          <History details={details} />
          <Slot name="orders.details" id={id} row={details.order} />
        </div>
      ) : asked.error ? (
        <ErrorState error={asked.error} retry={asked.reload} />
      ) : (
        <Loading />
      )}
      {details && deed !== null && typeof deed === 'object' && (
        <RefundDialog details={details} wish={deed} onClose={close} />
      )}
      {details && typeof deed === 'string' && <StepDialog details={details} step={deed} onClose={close} />}
    </ListDrawer>
  )
}
