import { createHash } from 'node:crypto'
import type { Tenant } from './tenants.ts'

/** The write key of a tenant's source: the same in every run. */
export function writeKeyOf(tenant: Tenant): string {
  return `wk_${tenant}_${'k'.repeat(31)}${tenant.at(-1)}`
}

/** What the source keeps of it. */
export function keptOf(tenant: Tenant): { readonly keyHash: string; readonly keyHint: string } {
  const keyHash = createHash('sha256').update(writeKeyOf(tenant)).digest('hex')
  return { keyHash, keyHint: 'kkk' }
}
