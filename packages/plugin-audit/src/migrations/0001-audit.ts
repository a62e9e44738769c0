import { col, defineEntity, type Migration } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const auditEntries = defineEntity(
  'auditEntries',
  {
    at: col.timestamp(),
    actorKind: col.text(),
    actorId: col.text(),
    via: col.text().nullable(),
    action: col.text(),
    entity: col.text().nullable(),
    rowId: col.text().nullable(),
    origin: col.text(),
    requestId: col.text(),
    ip: col.text().nullable(),
    details: col.json(z.json()).nullable(),
    salt: col.text().nullable(),
    detailsHash: col.text().nullable(),
    erasedAt: col.timestamp().nullable(),
    signature: col.text(),
  },
  {
    indexes: [
      { on: ['at'] },
      { on: ['entity', 'rowId', 'at'] },
      { on: ['actorId', 'at'] },
      { on: ['requestId'] },
    ],
  },
)

const auditSubjects = defineEntity(
  'auditSubjects',
  { entryId: col.id().index(), entity: col.text(), personId: col.text() },
  { indexes: [{ on: ['personId', 'entity'] }] },
)

const auditSeals = defineEntity(
  'auditSeals',
  { seq: col.integer(), entryId: col.id().unique(), hash: col.text() },
  { indexes: [{ on: ['seq'], unique: true }] },
)

const auditPending = defineEntity(
  'auditPending',
  { tenant: col.text(), entryId: col.id() },
  { tenancy: { global: 'a look at all tenants' }, indexes: [{ on: ['tenant', 'entryId'], unique: true }] },
)

const auditHeads = defineEntity(
  'auditHeads',
  {
    tenant: col.text().unique(),
    seq: col.integer(),
    hash: col.text(),
    sealedAt: col.timestamp(),
    floorSeq: col.integer(),
    floorHash: col.text(),
    signature: col.text(),
    checkpointSeq: col.integer(),
  },
  { tenancy: { global: 'a look at all tenants' } },
)

const tables = [auditEntries, auditSubjects, auditSeals, auditPending, auditHeads]

export const m0001Audit: Migration = {
  async up(m) {
    for (const table of tables) await m.createTable(table)
  },
  async down(m) {
    for (const { name } of tables.toReversed()) await m.dropTable(name)
  },
}
