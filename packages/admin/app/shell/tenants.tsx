import {
  base,
  chooseTenant,
  EmptyState,
  ErrorState,
  Loading,
  Menu,
  session,
  t,
  useQuery,
  type MenuItem,
} from '@clientele/admin-sdk'
import { useMe } from './me.ts'
import { signOut } from './sign-out.ts'

interface Tenant {
  readonly tenantId: string
}

const ALL = '/api/v1/operator/tenants?state=active&sort=tenantId&limit=200'

/** Where one works, and, for those who have several places, the way to another. */
export function TenantSwitch({ name }: { readonly name: string }) {
  const me = useMe()
  const isEverywhere = me?.tenants.includes('*') ?? false
  const here = session.value?.tenant.id
  const known = useQuery<{ items: readonly Tenant[] }>(isEverywhere && here !== 'default' ? ALL : null).data
  const places: readonly Tenant[] = isEverywhere
    ? (known?.items ?? [])
    : (me?.tenants ?? []).map((tenantId) => ({ tenantId }))
  if (places.length < 2) return <strong>{name}</strong>
  const items = places.map(({ tenantId }): MenuItem => ({
    id: tenantId,
    label: tenantId,
    isChecked: tenantId === here,
    onSelect: () => enter(tenantId),
  }))
  return <Menu class="plain tenant" label={name} title={t('tenant.switch', { name })} items={items} />
}

/** Whoever runs the installation works in a tenant only by naming it. */
export function ChooseTenant() {
  const { data, error, reload } = useQuery<{ items: readonly Tenant[] }>(ALL)
  return (
    <main class="alone">
      <h1>{t('tenant.choose')}</h1>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <NoTenant />
      ) : (
        <ul class="cards">
          {data.items.map(({ tenantId }) => (
            <li key={tenantId}>
              <button type="button" onClick={() => enter(tenantId)}>
                {tenantId}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="plain" onClick={() => void signOut()}>
        {t('sign_out')}
      </button>
    </main>
  )
}

function NoTenant() {
  return <EmptyState title={t('tenant.none')}>{t('tenant.none.text')}</EmptyState>
}

/** Loads everything anew: nothing of one tenant stays in a window of another. */
function enter(tenantId: string): void {
  chooseTenant(tenantId)
  location.assign(`${base.admin}/`)
}
