import { call, Confirm, fmt, invalidate, t, toast } from '@clientele/admin-sdk'
import { leftOf, type OrderDetails, type Step } from '../model/order.ts'

interface StepDialogProps {
  readonly details: OrderDetails
  readonly step: Step
  readonly onClose: () => void
}

const PATHS: Readonly<Record<Step, string>> = { paid: 'pay', fulfilled: 'fulfil', cancelled: 'cancel' }

/** Asks before an order takes a step: none can be taken back. */
export function StepDialog({ details, step, onClose }: StepDialogProps) {
  const { id, number, total } = details.order
  const take = async (): Promise<void> => {
    try {
      await call(`/api/v1/orders/${id}/${PATHS[step]}`, { method: 'POST' })
      toast(t(`orders.step.${step}.done`, { number }))
    } finally {
      // What was refused has often been done by somebody else meanwhile.
      for (const path of ['/api/v1/orders', '/api/v1/metrics']) invalidate(path)
    }
  }
  const title = t(`orders.step.${step}.title`, { number })
  if (step !== 'cancelled')
    return (
      <Confirm title={title} action={t(`orders.step.${step}`)} isHarmless onConfirm={take} onClose={onClose}>
        <p>{t(`orders.step.${step}.text`)}</p>
      </Confirm>
    )
  const left = leftOf(details)
  return (
    <Confirm
      title={title}
      action={t('orders.step.cancelled')}
      keep={t('orders.step.cancelled.keep')}
      typed={number}
      onConfirm={take}
      onClose={onClose}
    >
      <p>
        {left > 0
          ? t('orders.step.cancelled.refund', { amount: fmt.money(left, total.currency) })
          : t('orders.step.cancelled.text')}
      </p>
    </Confirm>
  )
}
