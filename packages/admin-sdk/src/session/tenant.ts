import { base } from '../navigation/base.ts'

const KEY = 'clientele.tenant'

/** The tenant that this window works in, where somebody has several; null: the one that the server chooses. */
export function chosenTenant(): string | null {
  return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)
}

/** Works in another tenant from the next load of the page on; other windows stay where they are. */
export function chooseTenant(id: string | null): void {
  for (const storage of [sessionStorage, localStorage])
    if (id === null) storage.removeItem(KEY)
    else storage.setItem(KEY, id)
}

/**
 * Where a path of the API is for this window; for links and streams, as `call` does it by itself.
 * @param path `/api/v1/customers/export.csv`
 */
export function apiUrl(path: string): string {
  const tenant = chosenTenant()
  const isOfTenant = tenant !== null && path.startsWith('/api/v1/')
  return base.api + (isOfTenant ? `/api/v1/tenants/${tenant}${path.slice('/api/v1'.length)}` : path)
}
