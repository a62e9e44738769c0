import type { Kysely } from 'kysely'
import { defineEntity } from '../entity/entity.ts'
import type { Timestamp } from '../ports/clock.ts'
import { plainColumn, type PhysicalTable, type TableDefinition } from '../storage/physical.ts'
import type { LiveChange } from './live-event.ts'

/** A row of the journal: one call that wrote, with names and ids and no values. Kept for a day. */
export interface JournalRecord extends Omit<LiveChange, 'extension'> {
  /** What clients know a position by. */
  readonly id: string
  /** In the order of commits; rows of one position by id. */
  readonly position: number
  readonly tenantId: string
  /** Whose columns were patched. */
  readonly extension: string | null
  readonly createdAt: Timestamp
}

/** Queries over the journal of all tenants. */
export type JournalDb = Kysely<{ changeJournal: JournalRecord }>

/** The id of the row that every journal begins with: there is a position before the first change too. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000'

const table: PhysicalTable = {
  name: 'change_journal',
  tenancy: 'global',
  columns: [
    plainColumn('position', 'position', 'integer'),
    plainColumn('id', 'id', 'uuid'),
    plainColumn('tenant_id', 'tenantId', 'text'),
    plainColumn('entity', 'entity', 'text'),
    { ...plainColumn('extension', 'extension', 'text'), nullable: true },
    plainColumn('kind', 'kind', 'text'),
    plainColumn('ids', 'ids', 'json'),
    plainColumn('count', 'count', 'integer'),
    plainColumn('origin', 'origin', 'text'),
    plainColumn('created_at', 'createdAt', 'timestamp'),
  ],
  primaryKey: ['position', 'id'],
  indexes: [
    { name: 'change_journal_of_tenant_idx', columns: ['tenant_id', 'position', 'id'], unique: false },
    { name: 'change_journal_id_idx', columns: ['id'], unique: false },
  ],
  foreignKeys: [],
}

/** What was written lately, for live updates. */
export const ChangeJournal = Object.assign(
  defineEntity(
    'changeJournal',
    {},
    { tenancy: { global: 'One read tails the changes of all tenants; each row names its tenant' } },
  ),
  { table } satisfies Partial<TableDefinition>,
)
