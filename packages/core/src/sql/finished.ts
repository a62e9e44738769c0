import type { OperationNode } from 'kysely'
import type { OutputColumn } from './scope.ts'
import type { Renames } from './select-outputs.ts'

/** What is known about a query that was transformed, for when it is compiled, run, or used inside another. */
export interface Finished {
  /** The tree itself: a copy that somebody changed is another tree. */
  readonly node: OperationNode
  readonly tenant: unknown
  readonly outputs: readonly OutputColumn[] | null
  /** Selections whose names must carry their types when this is the outermost query. */
  readonly renames: Renames | null
  /** Names its GROUP BY takes from its results. */
  readonly groupedResults: readonly string[]
  /** The statement it was compiled to. */
  compiled: unknown
}

// A property and no WeakMap: collecting weak keys costs more than all the rest of a small query.
const FINISHED = Symbol('clientele/finished')

interface Marked {
  [FINISHED]?: Finished
}

export function markFinished(node: OperationNode, finished: Omit<Finished, 'node' | 'compiled'>): void {
  ;(node as Marked)[FINISHED] = { node, compiled: undefined, ...finished }
}

/** Undefined for trees that no transformer of ours made, and for copies of those it made. */
export function finishedOf(node: OperationNode): Finished | undefined {
  const finished = (node as Marked)[FINISHED]
  return finished?.node === node ? finished : undefined
}

/** The query a statement was compiled from; undefined when the statement is not what we compiled. */
export function originOf(compiled: { readonly query: unknown }): Finished | undefined {
  const finished = (compiled.query as Marked | undefined)?.[FINISHED]
  return finished?.compiled === compiled ? finished : undefined
}
