import { SINGLE_TENANT } from '../context/tenant-id.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { TenantDirectory } from './tenant-directory.ts'

/** The tenants as the host lists them: the single one, or what the option `tenancy.tenants` answers. */
export function listedTenants(): TenantDirectory {
  return {
    async list(ctx) {
      const { mode, tenants } = runtimeOf(ctx)
      if (mode === 'single') return [SINGLE_TENANT]
      return (await tenants?.()) ?? []
    },
  }
}
