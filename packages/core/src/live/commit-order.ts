import { ExpressionWrapper, type Expression } from 'kysely'
import { trustedRaw } from '../sql/trusted-node.ts'
import type { Storage } from '../storage/storage.ts'
import type { JournalDb } from './change-journal.entity.ts'

/** Positions that follow the order of commits: the one thing about the journal in which databases differ. */
export interface CommitOrder {
  /** The position of a row that is written now. */
  next(db: JournalDb): Expression<number>
  /** Holds for positions before which nothing can appear any more. */
  isSettled(position: Expression<number>): Expression<boolean>
  /** Holds for positions that no transaction of this database can have had yet: those of a restored dump. */
  isForeign(position: Expression<number>): Expression<boolean>
}

export function commitOrder({ capabilities }: Pick<Storage, 'capabilities'>): CommitOrder {
  return capabilities.concurrentWriters ? BY_TRANSACTION : BY_COUNT
}

/** One writer at a time: whoever counts on commits before the next one counts. */
const BY_COUNT: CommitOrder = {
  next: (db) =>
    db
      .selectFrom('changeJournal')
      .select((eb) => eb(eb.fn.coalesce(eb.fn.max('position'), eb.lit(0)), '+', 1).as('next')) as never,
  isSettled: () => raw(['(1 = 1)']),
  isForeign: () => raw(['(1 = 0)']),
}

/**
 * Many writers: a position is the id of the transaction, and is settled once every transaction with a lower id is over.
 * What a sequence gives out in order becomes visible in another.
 */
const BY_TRANSACTION: CommitOrder = {
  next: () => raw(['cast(cast(pg_current_xact_id() as text) as bigint)']),
  isSettled: (position) => compared(position, '<', 'pg_snapshot_xmin'),
  isForeign: (position) => compared(position, '>=', 'pg_snapshot_xmax'),
}

function compared(position: Expression<number>, operator: string, edge: string): Expression<boolean> {
  const after = ` ${operator} cast(cast(${edge}(pg_current_snapshot()) as text) as bigint))`
  return raw(['(', after], [position])
}

// `any`: an expression of whatever type its place wants.
function raw(
  fragments: readonly string[],
  between: readonly Expression<unknown>[] = [],
): ExpressionWrapper<any, any, any> {
  const nodes = between.map((expression) => expression.toOperationNode())
  return new ExpressionWrapper(trustedRaw(fragments, nodes))
}
