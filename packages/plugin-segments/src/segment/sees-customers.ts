import { coreErrors, hasPermission, type Ctx } from '@clientele/core'

const NEEDED = 'customers:read'

/** Whether somebody may see who the customers are; whoever reads segments alone may know how many. */
export function seesCustomers(ctx: Ctx): boolean {
  return hasPermission(ctx.actor, NEEDED)
}

/** @throws `http.forbidden` to whoever may not see customers */
export function requireCustomers(ctx: Ctx): void {
  if (!seesCustomers(ctx)) throw coreErrors['http.forbidden']({ permission: NEEDED })
}
