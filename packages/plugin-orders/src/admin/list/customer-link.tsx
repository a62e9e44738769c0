import { Link, manifest, t, useRowName } from '@clientele/admin-sdk'

/** Who bought, and the way to them; a guest is nobody in particular. */
export function CustomerLink({ id }: { readonly id: string | null }) {
  const entity = manifest.value?.entities['customers']
  const name = useRowName(entity, id ?? undefined)
  if (id === null) return <span class="quiet">{t('orders.guest')}</span>
  const shown = name ?? id.slice(-8)
  // Whoever may not read customers has no page to go to.
  return entity ? <Link to={`/customers?open=${id}`}>{shown}</Link> : <>{shown}</>
}
