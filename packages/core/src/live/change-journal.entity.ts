import type { Kysely } from 'kysely'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, type TableOf } from '../entity/entity.ts'

/** What was written, one row a call: names and ids, no values. Kept for a day. */
export const ChangeJournal = defineEntity(
  'changeJournal',
  {
    tenantId: col.text(),
    position: col.integer().describe('In the order of commits; rows of one position by id'),
    entity: col.text(),
    extension: col.text().nullable().describe('Whose columns were patched'),
    kind: col.enum(['insert', 'patch', 'remove', 'restore']),
    ids: col.json(z.array(z.string())).describe('All, or none when they are too many'),
    count: col.integer(),
    origin: col.enum(['live', 'import', 'replay']),
  },
  {
    tenancy: { global: 'One read tails the changes of all tenants; each row names its tenant' },
    indexes: [{ on: ['position', 'id'] }, { on: ['tenantId', 'position', 'id'] }],
    description: 'What was written lately, for live updates',
  },
)

/** Queries over the journal of all tenants. */
export type JournalDb = Kysely<{
  changeJournal: Omit<TableOf<typeof ChangeJournal>, 'tenantId'> & { tenantId: string }
}>

/** The id of the row that every journal begins with: there is a position before the first change too. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000'
