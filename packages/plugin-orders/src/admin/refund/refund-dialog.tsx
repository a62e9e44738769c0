import { ApiError, call, Dialog, Field, fmt, invalidate, t, TextField, toast } from '@clientele/admin-sdk'
import { useEffect, useRef, useState } from 'preact/hooks'
import { REFUND_REASONS } from '../../refund/refund-reason.ts'
import { leftOf, type OrderDetails } from '../model/order.ts'
import { checkAmount, tooLarge, typedAmount } from './check-amount.ts'
import { keepDraft, keptDraft, type RefundDraft } from './refund-draft.ts'

/** What somebody wants to give back: nothing said is all that is left. */
export interface RefundWish {
  /** In the smallest unit of the order's currency. */
  readonly amount?: number
  readonly note?: string
}

interface RefundDialogProps {
  readonly details: OrderDetails
  readonly wish: RefundWish
  readonly onClose: () => void
}

/** Nobody gives an order back that is not known. */
const REASONS = REFUND_REASONS.filter((reason) => reason !== 'unmatched')

/** Gives money back. What was typed stays until it is sent, and one refund is never made twice. */
export function RefundDialog({ details, wish, onClose }: RefundDialogProps) {
  const { id, number, total } = details.order
  const { currency } = total
  const left = leftOf(details)
  const [draft, setDraft] = useState<RefundDraft>(() => begin(details, wish))
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const sent = useRef({ body: '', key: '' })
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [wrong])
  const change = (part: Partial<RefundDraft>): void => {
    const next = { ...draft, ...part }
    setDraft(next)
    keepDraft(id, next)
    if (part.amount !== undefined) setWrong(null)
  }
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setProblem(null)
    const checked = checkAmount(draft.amount, left, currency)
    if ('wrong' in checked) return setWrong(checked.wrong)
    setWrong(null)
    setBusy(true)
    const note = draft.note.trim()
    const body = {
      amount: { amount: checked.minor, currency },
      reason: draft.reason,
      ...(note ? { note } : {}),
    }
    // The same request again after a broken connection is the same refund.
    if (sent.current.body !== JSON.stringify(body))
      sent.current = { body: JSON.stringify(body), key: randomKey() }
    try {
      await call(`/api/v1/orders/${id}/refunds`, { body, headers: { 'idempotency-key': sent.current.key } })
      keepDraft(id, null)
      toast(t('orders.refund.done', { amount: fmt.money(checked.minor, currency), number }))
      onClose()
    } catch (error) {
      setBusy(false)
      const { code, params, status, message } = error as ApiError
      if (code === 'orders.refund_too_large') setWrong(tooLarge(Number(params['left']), currency))
      else setProblem(status === 0 ? t('orders.refund.offline') : message)
    } finally {
      for (const path of ['/api/v1/orders', '/api/v1/metrics']) invalidate(path)
    }
  }
  return (
    <Dialog
      title={t('orders.refund.title', { number })}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="refund" class="main" disabled={busy}>
            {t('orders.refund.go')}
          </button>
        </>
      }
    >
      <form ref={form} id="refund" class="refund" noValidate onSubmit={(event) => void send(event)}>
        <TextField
          label={t('orders.refund.amount', { currency })}
          error={wrong ?? undefined}
          hint={t('orders.refund.left', { left: fmt.money(left, currency) })}
          inputMode="decimal"
          autocomplete="off"
          autofocus
          value={draft.amount}
          onValue={(amount) => change({ amount })}
        />
        <Field label={t('field.refunds.reason')}>
          {(control) => (
            <select
              {...control}
              value={draft.reason}
              onChange={(event) => change({ reason: event.currentTarget.value })}
            >
              {REASONS.map((reason) => (
                <option key={reason} value={reason}>
                  {t(`field.refunds.reason.${reason}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('orders.refund.note')} hint={t('orders.refund.note.hint')}>
          {(control) => (
            <textarea
              {...control}
              maxLength={1000}
              value={draft.note}
              onInput={(event) => change({ note: event.currentTarget.value })}
            />
          )}
        </Field>
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function begin(details: OrderDetails, { amount, note = '' }: RefundWish): RefundDraft {
  const { id, total } = details.order
  const fresh = {
    amount: typedAmount(amount ?? leftOf(details), total.currency),
    reason: 'requested',
    note,
  }
  // A line that was chosen says more than what was typed for all of the order.
  return amount === undefined ? (keptDraft(id) ?? fresh) : fresh
}

/** `randomUUID` is there for pages over TLS only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
