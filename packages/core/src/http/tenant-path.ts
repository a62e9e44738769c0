const PREFIX = '/api/v1/tenants/'

/** A path with the tenant it names taken out. */
export interface TenantPath {
  readonly path: string
  /** Null when the path names none. */
  readonly tenantId: string | null
}

/** Reads `/api/v1/tenants/{id}/customers` as `/api/v1/customers` in tenant `{id}`; other paths stay as they are. */
export function splitTenant(path: string): TenantPath {
  if (!path.startsWith(PREFIX)) return { path, tenantId: null }
  const end = path.indexOf('/', PREFIX.length)
  if (end === -1 || end === path.length - 1) return { path, tenantId: null }
  return { path: `/api/v1${path.slice(end)}`, tenantId: path.slice(PREFIX.length, end) }
}
