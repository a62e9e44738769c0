import type { Actor } from '../context/actor.ts'
import type { Origin, Tx } from '../context/context.ts'
import type { AnyEntity, RowOf } from '../entity/entity.ts'
import type { Timestamp } from '../ports/clock.ts'

/** A recorded write to one row, handed to subscribers inside the transaction. */
export interface Change<E extends AnyEntity = AnyEntity> {
  readonly kind: 'insert' | 'patch' | 'remove' | 'restore'
  readonly entity: E
  readonly id: string
  /** Null for an insert. */
  readonly before: RowOf<E> | null
  /** Null for a removal, also of a row that is only hidden. */
  readonly after: RowOf<E> | null
  /**
   * For a patch the columns whose value differs, secrets never among them, as they are not read back; else all own
   * columns.
   */
  readonly columns: readonly string[]
  readonly actor: Actor
  readonly origin: Origin
  readonly at: Timestamp
}

/** Sees every change of an entity (or of all), in the order they were made. Throwing vetoes the transaction. */
export interface ChangeSubscriber {
  readonly $$type: 'clientele/change-subscriber'
  /** Stable name, shown in errors and logs. */
  readonly id: string
  readonly entity: AnyEntity | '*'
  /** Whether it wants the writes of this transaction; without one that does, nothing is read back. @default all */
  readonly when?: (entity: AnyEntity, t: Tx) => boolean
  readonly handle: (changes: readonly Change<any>[], t: Tx) => void | Promise<void>
}

/**
 * Subscribes to the changes of an entity. A batch (`insertMany`) arrives as one call.
 *
 * @example
 * changes: [onChange(Customer, 'search.index', async (changes, t) => { … })]
 */
export function onChange<E extends AnyEntity>(
  entity: E,
  id: string,
  handle: (changes: readonly Change<E>[], t: Tx) => void | Promise<void>,
): ChangeSubscriber
export function onChange(
  entity: '*',
  id: string,
  handle: (changes: readonly Change[], t: Tx) => void | Promise<void>,
  options?: Pick<ChangeSubscriber, 'when'>,
): ChangeSubscriber
export function onChange(
  entity: AnyEntity | '*',
  id: string,
  handle: (changes: readonly Change<any>[], t: Tx) => void | Promise<void>,
  options: Pick<ChangeSubscriber, 'when'> = {},
): ChangeSubscriber {
  return { $$type: 'clientele/change-subscriber', id, entity, handle, ...options }
}
