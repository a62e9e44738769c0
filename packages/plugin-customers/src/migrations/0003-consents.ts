import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })

const consents: TableDefinition = {
  name: 'consents',
  columns: {
    customerId: col
      .ref(() => customers, { onMerge: 'move', onErase: 'anonymise', onDelete: 'cascade' })
      .nullable(),
    purpose: col.text(),
    channel: col.text().nullable(),
    state: col.enum(['granted', 'denied', 'revoked']),
    textVersion: col.text().nullable(),
    via: col.text(),
    at: col.timestamp(),
    ip: col.text().nullable(),
    proof: col.json(z.unknown()).default({}),
  },
  options: { indexes: [{ on: ['customerId', 'purpose', 'at'] }] },
}

const consentStates: TableDefinition = {
  name: 'consentStates',
  columns: {
    customerId: col.ref(() => customers, { onMerge: 'unique', onErase: 'delete', onDelete: 'cascade' }),
    purpose: col.text(),
    channel: col.text(),
    state: col.enum(['granted', 'denied', 'revoked']),
    since: col.timestamp(),
  },
  options: {
    indexes: [{ on: ['customerId', 'purpose', 'channel'], unique: true }, { on: ['purpose', 'state'] }],
  },
}

const suppressions: TableDefinition = {
  name: 'suppressions',
  columns: {
    kind: col.enum(['email', 'phone']),
    hash: col.text().unique(),
    scope: col.enum(['all', 'marketing']),
    reason: col.text(),
    at: col.timestamp(),
  },
  options: { indexes: [{ on: ['at'] }] },
}

const erasures: TableDefinition = {
  name: 'erasures',
  columns: {
    customerId: col.id().unique(),
    personId: col.id(),
    reason: col.text(),
    actorKind: col.text(),
    actorId: col.text(),
    at: col.timestamp(),
    counts: col.json(z.unknown()),
  },
  options: { indexes: [{ on: ['at'] }] },
}

const tables = [consents, consentStates, suppressions, erasures] as const

export const m0003Consents: Migration = {
  async up(m) {
    for (const table of tables) await m.createTable(table)
  },
  async down(m) {
    for (const { name } of tables.toReversed()) await m.dropTable(name)
  },
}
