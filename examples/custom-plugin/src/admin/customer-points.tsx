import { call, can, ErrorState, invalidate, Loading, t, toast, useQuery } from '@clientele/admin-sdk'
import { BALANCES, type Balance } from './balance.ts'

/** A piece of the customer's drawer: the points, and a button that gives more. */
export function CustomerPoints({ id }: { readonly id: string }) {
  const { data, error, reload } = useQuery<{ items: readonly Balance[] }>(`${BALANCES}?customerId=${id}`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Loading />
  const give = async (): Promise<void> => {
    await call('/api/v1/loyalty-awards', { body: { customerId: id, points: 10, reason: 'A good talk' } })
    invalidate(BALANCES)
    toast(t('loyalty.given'))
  }
  return (
    <section class="points">
      <h3>{t('loyalty.balances')}</h3>
      <p>{t('loyalty.points_of', { count: data.items[0]?.points ?? 0 })}</p>
      {can('loyalty:write') && (
        <button type="button" onClick={() => void give()}>
          {t('loyalty.give')}
        </button>
      )}
    </section>
  )
}
