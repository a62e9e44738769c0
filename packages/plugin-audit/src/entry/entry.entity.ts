import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

const short = z.string().max(200)

/**
 * One thing that somebody did. Written once, in the transaction of what it tells; numbered and chained by a seal that
 * follows. Only an erasure writes to it again, and takes `details` and their `salt` away: their hash stays in the chain.
 */
export const AuditEntry = defineEntity(
  'auditEntries',
  {
    at: col.timestamp().filterable().sortable(),
    actorKind: col.text(short).filterable().describe('user, key, operator, plugin, system'),
    actorId: col.text(short).filterable(),
    via: col.text(short).nullable().filterable().describe('What acted for them: ai'),
    action: col
      .text(short)
      .filterable()
      .describe('insert, patch, remove, restore, or a word of a plugin: auth.signed-in'),
    entity: col.text(short).nullable().filterable().describe('The kind of row: customers'),
    rowId: col.text(short).nullable().filterable(),
    origin: col.text(short),
    requestId: col.text(short).filterable(),
    ip: col.text(short).nullable().filterable(),
    details: col
      .json(z.record(z.string(), z.json()))
      .nullable()
      .pii()
      .describe('Of a change `before` and `after`; null when there are none, or when the person was erased'),
    salt: col.text(short).nullable().describe('Hashed with the details, and gone with them'),
    detailsHash: col.text(short).nullable().describe('Null when there were no details'),
    erasedAt: col.timestamp().nullable().describe('When the details were taken away'),
    signature: col.text(short).describe('That it was written by this application'),
  },
  {
    live: false,
    audited: false,
    singular: 'audit entry',
    indexes: [
      { on: ['at'] },
      { on: ['entity', 'rowId', 'at'] },
      { on: ['actorId', 'at'] },
      { on: ['requestId'] },
    ],
    description: 'What somebody did.',
  },
)

/** An entry as queries see one. */
export interface AuditEntryRow extends RowOf<typeof AuditEntry> {}

/** Whom an entry tells of, so that an erasure finds it. */
export const AuditSubject = defineEntity(
  'auditSubjects',
  {
    entryId: col.id().index(),
    entity: col.text(short),
    personId: col.text(short),
  },
  {
    live: false,
    audited: false,
    indexes: [{ on: ['personId', 'entity'] }],
    description: 'Whom entries of the trail tell of.',
  },
)
