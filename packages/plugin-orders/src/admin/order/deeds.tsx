import { can, t } from '@clientele/admin-sdk'
import { leftOf, stepsOf, type OrderDetails, type Step } from '../model/order.ts'
import type { RefundWish } from '../refund/refund-dialog.tsx'

/** A step that somebody wants an order to take. */
export type Deed = Step

interface DeedsProps {
  readonly details: OrderDetails
  readonly onDeed: (deed: Deed | RefundWish) => void
}

/** What can be done with the order from where it is. */
export function Deeds({ details, onDeed }: DeedsProps) {
  if (!can('orders:write')) return null
  const [first, ...others] = stepsOf(details.order).toReversed()
  return (
    <>
      {first === 'cancelled' && <Button deed={first} onDeed={onDeed} />}
      {leftOf(details) > 0 && (
        <button type="button" onClick={() => onDeed({})}>
          {t('orders.refund')}
        </button>
      )}
      {others.map((deed) => (
        <Button key={deed} deed={deed} isMain onDeed={onDeed} />
      ))}
    </>
  )
}

interface ButtonProps extends Pick<DeedsProps, 'onDeed'> {
  readonly deed: Deed
  readonly isMain?: boolean
}

function Button({ deed, isMain = false, onDeed }: ButtonProps) {
  return (
    <button type="button" class={isMain ? 'main' : undefined} onClick={() => onDeed(deed)}>
      {t(`orders.step.${deed}`)}
    </button>
  )
}
