import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })
const moves = { onMerge: 'move', onErase: 'delete', onDelete: 'cascade' } as const
const stays = { onMerge: 'keep', onErase: 'keep' } as const

const identities: TableDefinition = {
  name: 'identities',
  columns: {
    customerId: col.ref(() => customers, moves).index(),
    type: col.text(),
    value: col.text(),
    firstSeenAt: col.timestamp(),
    lastSeenAt: col.timestamp(),
  },
  options: { indexes: [{ on: ['type', 'value'], unique: true }] },
}

const merges = defineEntity(
  'merges',
  {
    survivorId: col.ref(() => customers, stays).index(),
    mergedId: col.ref(() => customers, stays).index(),
    cause: col.enum(['identifiers', 'person']),
    reason: col.json(z.unknown()).default({}),
    profile: col.json(z.unknown()).default({}),
    state: col.enum(['done', 'undone']).default('done'),
    undoneAt: col.timestamp().nullable(),
  },
  { indexes: [{ on: ['createdAt'] }] },
)

const mergeMoves: TableDefinition = {
  name: 'mergeMoves',
  columns: {
    mergeId: col.ref(() => merges, { onDelete: 'cascade' }).index(),
    place: col.integer(),
    rows: col.json(z.unknown()),
  },
}

const sources = defineEntity('sources', {
  name: col.text().unique(),
  keyHash: col.text().unique(),
  keyHint: col.text(),
  enabled: col.boolean().default(true),
  lastSeenAt: col.timestamp().nullable(),
})

const events: TableDefinition = {
  name: 'events',
  columns: {
    customerId: col.ref(() => customers, moves),
    messageId: col.text().unique(),
    type: col.text(),
    name: col.text(),
    properties: col.json(z.unknown()).default({}),
    context: col.json(z.unknown()).default({}),
    occurredAt: col.timestamp(),
    receivedAt: col.timestamp(),
    sourceId: col.ref(() => sources).nullable(),
  },
  options: {
    indexes: [{ on: ['customerId', 'occurredAt', 'name'] }, { on: ['name', 'occurredAt', 'customerId'] }],
  },
}

const customerActivities: TableDefinition = {
  name: 'customerActivities',
  columns: {
    firstSeenAt: col.timestamp().nullable(),
    lastSeenAt: col.timestamp().nullable().index(),
    eventCount: col.integer().default(0),
  },
  extension: { base: customers, as: 'activity' },
}

const eventDefinitions: TableDefinition = {
  name: 'eventDefinitions',
  columns: {
    type: col.text(),
    name: col.text(),
    description: col.text().nullable(),
    firstSeenAt: col.timestamp().nullable(),
    lastSeenAt: col.timestamp().nullable(),
  },
  options: { indexes: [{ on: ['type', 'name'], unique: true }] },
}

const traitDefinitions: TableDefinition = {
  name: 'traitDefinitions',
  columns: {
    name: col.text().unique(),
    kind: col.text(),
    description: col.text().nullable(),
    firstSeenAt: col.timestamp().nullable(),
    lastSeenAt: col.timestamp().nullable(),
  },
}

const rejectedEvents: TableDefinition = {
  name: 'rejectedEvents',
  columns: {
    sourceId: col.ref(() => sources).nullable(),
    code: col.text(),
    message: col.text(),
    payload: col.text(),
    receivedAt: col.timestamp(),
    state: col.text().default('rejected'),
  },
  options: { indexes: [{ on: ['receivedAt'] }] },
}

const tables = [
  identities,
  merges,
  mergeMoves,
  sources,
  events,
  customerActivities,
  eventDefinitions,
  traitDefinitions,
  rejectedEvents,
] as const

export const m0002Events: Migration = {
  async up(m) {
    for (const table of tables) await m.createTable(table)
  },
  async down(m) {
    for (const { name } of tables.toReversed()) await m.dropTable(name)
  },
}
