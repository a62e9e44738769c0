import type { Actor } from '../context/actor.ts'
import type { Ctx, Tx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { isTransaction } from '../kernel/runtime.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'

/** Something for the record that is no change of a row: a sign-in, an export, a decision of the system. */
export interface AuditNote {
  /** `plugin.what-happened`: `auth.signed-in`. */
  readonly action: string
  /** The kind of row it is about. @default none */
  readonly entity?: string
  readonly rowId?: string
  /** The person it is about: when they are erased, the details go. @default the row, when its kind is a person's */
  readonly subject?: { readonly entity: string; readonly id: string }
  /** What else is worth knowing: JSON, no secret, and no personal value unless `subject` is named. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Who did it, such as who has just signed in. @default the context's actor */
  readonly actor?: Pick<Actor, 'kind' | 'id' | 'via'>
}

/** Keeps what is put on the record. */
export interface AuditTrail {
  record(t: Tx, note: AuditNote): void | Promise<void>
}

/** Where a plugin that keeps a trail takes part; without one, nothing is kept. */
export const AuditTrails = defineExtensionPoint<AuditTrail>('core.auditTrails')

/**
 * Puts on the record what is no change of a row. Changes of rows are recorded by themselves. Costs nothing where no
 * trail is kept.
 *
 * @example
 * await ctx.get(Audit).record(t, { action: 'auth.signed-in', actor: { kind: 'user', id: user.id } })
 */
export interface Audit {
  /** Commits with the transaction; outside of one, in its own. */
  record(ctx: Ctx, note: AuditNote): Promise<void>
}

export const Audit = defineService<Audit>('core.audit')

export function createAudit(): Audit {
  return {
    async record(ctx, note) {
      const trails = ctx.extensions(AuditTrails)
      if (trails.length === 0) return
      const write = async (t: Tx): Promise<void> => {
        for (const trail of trails) await trail.record(t, note)
      }
      await (isTransaction(ctx) ? write(ctx as Tx) : ctx.tx(write))
    },
  }
}
