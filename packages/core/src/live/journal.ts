import type { Expression } from 'kysely'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { Timestamp } from '../ports/clock.ts'
import { systemStatements, type Parameter, type RunStatement } from '../sql/system-statements.ts'
import type { Connection } from '../storage/storage.ts'
import { FIRST_ID, type JournalDb, type JournalRecord } from './change-journal.entity.ts'
import { commitOrder } from './commit-order.ts'

/** A place in the journal. Clients know its id only. */
export type Position = Pick<JournalRecord, 'position' | 'id'>

export type JournalRow = Omit<JournalRecord, 'createdAt'>

/**
 * Reads of the journal. All see settled rows only: before a row that was read, nothing can appear any more. Rows are
 * removed from the beginning only: as long as the row at a position is there, so is everything behind it.
 */
export interface Journal {
  /** The last row. */
  head(): Promise<Position>
  /** The highest position that is committed, also when it is held back. */
  latest(): Promise<number>
  /** The place of a row; null when there is none of this id. */
  find(id: string): Promise<Position | null>
  /** What follows, of all tenants; null when the row at `from` is gone. */
  tail(from: Position, limit: number): Promise<JournalRow[] | null>
  /** What follows, of one tenant; null when the row at `from` is gone. */
  replay(tenantId: string, from: Position, limit: number): Promise<JournalRow[] | null>
  /** When the oldest row was written that a running transaction holds back; null when none is. */
  heldBackSince(): Promise<Timestamp | null>
}

/** Runs a statement over the journal of all tenants on one connection; it is built once, by its key. */
export type RunJournalStatement = RunStatement<JournalDb>

export function journalStatements(
  runtime: Pick<Runtime, 'sql'>,
  connection: Connection,
): RunJournalStatement {
  return systemStatements(runtime, connection, 'journal')
}

export function createJournal(runtime: Runtime): Journal {
  const order = commitOrder(runtime.storage)
  const settled = (eb: Columns): Expression<boolean> => order.isSettled(eb.ref('position'))
  const read = async <T>(work: (run: RunJournalStatement) => Promise<T>): Promise<T> =>
    runtime.storage.read({ tenantId: WHOLE_INSTANCE }, (connection) =>
      work(journalStatements(runtime, connection)),
    )
  const find = async (run: RunJournalStatement, id: string): Promise<Position | null> => {
    const [row] = await run<Position>(
      'find',
      (db, p) =>
        db.selectFrom('changeJournal').select(['position', 'id']).where('id', '=', p('id')).where(settled),
      { id },
    )
    return row ?? null
  }
  const isKept = async (run: RunJournalStatement, { id, position }: Position): Promise<boolean> =>
    (await find(run, id))?.position === position

  return {
    async head() {
      const [row] = await read((run) =>
        run<Position>('head', (db) =>
          db
            .selectFrom('changeJournal')
            .select(['position', 'id'])
            .where(settled)
            .orderBy('position', 'desc')
            .orderBy('id', 'desc')
            .limit(1),
        ),
      )
      return row ?? BEGINNING
    },
    async latest() {
      const [row] = await read((run) =>
        run<{ position: number | null }>('latest', (db) =>
          db.selectFrom('changeJournal').select((eb) => eb.fn.max('position').as('position')),
        ),
      )
      return row?.position ?? 0
    },
    find: (id) => read((run) => find(run, id)),
    tail: (from, limit) =>
      read(async (run) => {
        const rows = await run<JournalRow>('tail', (db, p) => following(db, p).where(settled), {
          ...from,
          limit,
        })
        // Asked last: rows that were removed meanwhile were removed together with it.
        return (await isKept(run, from)) ? rows : null
      }),
    replay: (tenantId, from, limit) =>
      read(async (run) => {
        const rows = await run<JournalRow>(
          'replay',
          (db, p) =>
            following(db, p)
              // tenant-site: journal.replay
              .where('tenantId', '=', p('tenantId'))
              .where(settled),
          { ...from, limit, tenantId },
        )
        return (await isKept(run, from)) ? rows : null
      }),
    async heldBackSince() {
      const [row] = await read((run) =>
        run<{ createdAt: Timestamp }>('heldBack', (db) =>
          db
            .selectFrom('changeJournal')
            .select('createdAt')
            .where((eb) => eb.not(settled(eb)))
            .orderBy('position')
            .limit(1),
        ),
      )
      return row?.createdAt ?? null
    },
  }
}

const BEGINNING: Position = { position: 0, id: FIRST_ID }

interface Columns {
  ref(column: 'position'): Expression<number>
}

function following(db: JournalDb, p: Parameter) {
  return db
    .selectFrom('changeJournal')
    .select(['id', 'position', 'tenantId', 'entity', 'extension', 'kind', 'ids', 'count', 'origin'])
    .where('position', '>=', p('position'))
    .where((eb) => eb.or([eb('position', '>', p('position')), eb('id', '>', p('id'))]))
    .orderBy('position')
    .orderBy('id')
    .limit(p('limit'))
}
