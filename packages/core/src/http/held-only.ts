import { hasPermission } from '../context/actor.ts'
import type { Ctx } from '../context/context.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { ListQuery } from './list-query.ts'

/**
 * The part of a list query that leaves the rows whose permission the actor holds; `column` names it with its table:
 * `files.permission`. Who holds all sees also rows of permissions that nobody declares any more.
 */
export function heldOnly(ctx: Ctx, column: string): Pick<ListQuery, 'where'> {
  if (ctx.actor.permissions.has('*')) return {}
  const { permissions } = runtimeOf(ctx).registry
  const held = [...permissions.keys()].filter((permission) => hasPermission(ctx.actor, permission))
  return { where: (eb) => eb.or(held.map((permission) => eb(column, '=', permission))) }
}
