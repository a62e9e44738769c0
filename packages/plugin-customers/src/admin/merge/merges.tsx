import { call, can, ErrorState, fmt, invalidate, t, toast, useQuery } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

interface Merge {
  readonly id: string
  readonly survivorId: string
  readonly mergedId: string
  readonly cause: 'identifiers' | 'person'
  readonly createdAt: string
}

/** Customers that went into this one; each can be taken out again. */
export function Merges({ customer: { id } }: { readonly customer: CustomerRow }) {
  const { data, error, reload } = useQuery<{ readonly items: readonly Merge[] }>(
    `/api/v1/merges?survivorId=${id}&state=done&limit=50`,
  )
  const [busy, setBusy] = useState(false)
  if (error && !data) return <ErrorState error={error} retry={reload} />
  if (!data || data.items.length === 0) return null
  const undo = async (mergeId: string): Promise<void> => {
    setBusy(true)
    try {
      await undoMerge(mergeId)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section aria-labelledby="merges">
      <h3 id="merges">{t('customers.merges')}</h3>
      <ul class="ledger">
        {data.items.map((merge) => (
          <li key={merge.id} class="with-action">
            <span>
              {t(`customers.merges.${merge.cause}`)}{' '}
              <span class="quiet">
                {fmt.time(merge.createdAt)} · …{merge.mergedId.slice(-6)}
              </span>
            </span>
            {can('customers:merge') && (
              <button type="button" class="small" disabled={busy} onClick={() => void undo(merge.id)}>
                {t('customers.merges.undo')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Makes two customers of one again, and says so. */
export async function undoMerge(id: string): Promise<void> {
  try {
    await call(`/api/v1/merges/${id}/undo`, { method: 'POST' })
    toast(t('customers.merge.undone'))
  } catch (error) {
    toast((error as Error).message, { kind: 'problem' })
  }
  invalidate(CUSTOMERS)
  invalidate('/api/v1/merges')
}
