/** The tenant of a deployment that knows only one. */
export const SINGLE_TENANT = 'default'

/** Whether a text can be a tenant's id: short, and safe in host names and paths. Ids never change. */
export function isTenantId(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,31}$/.test(text)
}
