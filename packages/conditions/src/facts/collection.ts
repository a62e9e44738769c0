import type { Environment } from '../environment.ts'
import type { CompileTarget } from '../sql-scope.ts'

/**
 * Rows of another entity about customers, which an evaluator reads: their events of a name, their order lines. Leaves
 * that name the same `key` share what was read.
 */
export interface Collection<R = Readonly<Record<string, unknown>>> {
  /**
   * Names what is read. Two collections of one key read the same rows, or say by `and` what both of them need: an
   * evaluator then finds more rows than it asked for and leaves them out.
   */
  readonly key: string
  /** What this one and another of the same key need, in one reading. @default both read the same */
  and?(other: Collection<R>): Collection<R>
  /**
   * As much of it as `evaluate` and `nextChangeAt` need to answer what they would with all of it; `seen` is not asked
   * then. It has the same key. @default they need all of it
   */
  readonly brief?: Collection<R>
  /** At most about so many rows of a customer are read, whatever they did. @default any number */
  readonly most?: number | undefined
  /** The rows of these customers, at most 500; customers without any may be left out. The order is the collection's. */
  load(
    target: CompileTarget,
    customerIds: readonly string[],
    environment: Environment,
  ): Promise<ReadonlyMap<string, readonly R[]>>
}

/** Collections as they are read: those of one key together. */
export function readTogether(collections: Iterable<Collection<any>>): readonly Collection<any>[] {
  const byKey = new Map<string, Collection<any>>()
  for (const one of collections) {
    const known = byKey.get(one.key)
    byKey.set(one.key, known?.and?.(one) ?? known ?? one)
  }
  return [...byKey.values()]
}
