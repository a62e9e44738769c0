import type { Tx } from '../context/context.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { shapeOf, type Values } from '../entity/row-shape.ts'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'
import type { Change, ChangeSubscriber } from './change.ts'

/** A row that was written: null before an insert, null after a removal. */
export interface ChangedRow {
  readonly id: string
  readonly before: Values | null
  readonly after: Values | null
}

/**
 * True when somebody subscribed to the entity's changes; without, nothing needs to be read back.
 *
 * @param t whose writes they are; left out where any transaction is meant
 */
export function isWatched({ subscribers }: Registry, entity: AnyEntity, t?: Tx): boolean {
  return subscribers.some((subscriber) => isWanted(subscriber, entity, t))
}

function isWanted(subscriber: ChangeSubscriber, entity: AnyEntity, t: Tx | undefined): boolean {
  if (subscriber.entity !== '*' && subscriber.entity !== entity) return false
  return t === undefined || (subscriber.when?.(entity, t) ?? true)
}

/** Rows of one entity that one call wrote. */
export interface Written {
  readonly kind: Change['kind']
  readonly registered: RegisteredEntity
  /** `before` is known only where {@link isWatched} holds. */
  readonly rows: readonly ChangedRow[]
  /** Of a patch: the properties it set, whether or not their values differ. */
  readonly set?: readonly string[]
}

/** Hands the changes of one write to every subscriber, in plugin order, inside the transaction. */
export async function announce(t: Tx, registry: Registry, written: Written): Promise<void> {
  const { kind, registered, rows } = written
  const { entity } = registered
  if (!isWatched(registry, entity, t)) return
  const shape = shapeOf(registered)
  const at = t.now()
  // `any`: rows are plain records here; each subscriber sees them by its entity's type.
  const changes = rows.map(({ id, before, after }) => {
    const columns =
      kind === 'patch' && before && after ? shape.changedColumns(before, after) : shape.ownColumns
    return { kind, entity, id, before, after, columns, actor: t.actor, origin: t.origin, at } as Change<any>
  })
  for (const subscriber of registry.subscribers) {
    if (isWanted(subscriber, entity, t)) await subscriber.handle(changes, t)
  }
}
