import { call, Confirm, Field, invalidate, personName, t, toast } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

interface EraseCustomerProps {
  readonly customer: CustomerRow
  readonly onClose: () => void
  readonly onErased: () => void
}

/** As the record of the erasure keeps it. */
const REASONS = ['request', 'retention', 'error'] as const

/** Erases a person for good, once their address or name was typed. */
export function EraseCustomer({ customer, onClose, onErased }: EraseCustomerProps) {
  const [reason, setReason] = useState<string>('request')
  const [suppress, setSuppress] = useState(true)
  const erase = async (): Promise<void> => {
    await call(`${CUSTOMERS}/${customer.id}/erase`, { body: { reason, suppress } })
    onErased()
    invalidate(CUSTOMERS)
    toast(t('customers.erase.done'))
  }
  return (
    <Confirm
      title={t('customers.erase.title', { name: personName(customer) })}
      action={t('customers.erase.do')}
      typed={customer.email ?? personName(customer)}
      onConfirm={erase}
      onClose={onClose}
    >
      <p>{t('customers.erase.text')}</p>
      <Field label={t('customers.erase.reason')}>
        {(control) => (
          <select {...control} value={reason} onChange={(event) => setReason(event.currentTarget.value)}>
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`customers.erase.reason.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={suppress}
          onChange={(event) => setSuppress(event.currentTarget.checked)}
        />
        {t('customers.erase.suppress')}
      </label>
    </Confirm>
  )
}
