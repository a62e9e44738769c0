import type { CompileTarget } from '../language/compile.ts'
import type { Environment } from '../condition-type.ts'

/**
 * Rows of another entity about customers, which an evaluator reads: their events of a name, their order lines. Leaves
 * that name the same `key` share what was read.
 */
export interface Collection<R = Readonly<Record<string, unknown>>> {
  /** Names what is read, parameters and all: two collections of one key read the same rows. */
  readonly key: string
  /** The rows of these customers, at most 500; customers without any may be left out. The order is the collection's. */
  load(
    target: CompileTarget,
    customerIds: readonly string[],
    environment: Environment,
  ): Promise<ReadonlyMap<string, readonly R[]>>
}
