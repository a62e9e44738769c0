import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { runtimeOf } from '../kernel/runtime.ts'

/**
 * The key ring for plugins. Everything is bound to its purpose (`customers.suppression`) and to the tenant: the same
 * text of two tenants has nothing in common.
 */
export interface Keys {
  /**
   * A text that must be found again but not read, such as an address nobody may write to: its keyed hash under every
   * key of the ring, 43 characters each. Store the first, look up all of them.
   */
  hashes(ctx: Ctx, purpose: string, text: string): readonly [string, ...string[]]
  /** Encrypts a text for a place that others read, such as the input of a job; base64. */
  seal(ctx: Ctx, purpose: string, text: string): string
  /** @throws `keys.unreadable` when it was changed, or sealed for another tenant or purpose */
  open(ctx: Ctx, purpose: string, sealed: string): string
}

export const Keys = defineService<Keys>('core.keys')

export function createKeys(): Keys {
  return {
    hashes: (ctx, purpose, text) => runtimeOf(ctx).keys.hashes(purpose, `${ctx.tenantId}\n${text}`),
    seal: (ctx, purpose, text) =>
      Buffer.from(runtimeOf(ctx).keys.encrypt(`${ctx.tenantId}\n${purpose}`, text)).toString('base64'),
    open: (ctx, purpose, sealed) =>
      runtimeOf(ctx).keys.decrypt(`${ctx.tenantId}\n${purpose}`, Buffer.from(sealed, 'base64')),
  }
}
