import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })
const segments = defineEntity('segments', {}, { softDelete: true })

const kinds = ['dynamic', 'static', 'snapshot', 'manual'] as const
const causes = ['facts', 'time', 'recompute', 'pin'] as const
const segmentId = () => col.ref(() => segments, { onDelete: 'cascade' })
const customerId = () => col.ref(() => customers, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' })

const tables: readonly TableDefinition[] = [
  {
    name: 'memberships',
    columns: {
      segmentId: segmentId(),
      customerId: customerId(),
      enteredAt: col.timestamp(),
      enteredBy: col.enum(causes),
      enteredWith: col.text().nullable(),
      leftAt: col.timestamp().nullable(),
      leftBy: col.enum(causes).nullable(),
      leftWith: col.text().nullable(),
    },
    options: {
      indexes: [{ on: ['segmentId', 'customerId'], unique: true, where: 'left_at IS NULL' }],
    },
  },
  {
    name: 'segmentTimers',
    columns: { segmentId: col.id(), customerId: customerId(), at: col.timestamp().index() },
    options: { indexes: [{ on: ['segmentId', 'customerId'], unique: true }] },
  },
  {
    name: 'segmentPins',
    columns: {
      segmentId: segmentId(),
      customerId: customerId(),
      mode: col.enum(['include', 'exclude']),
      reason: col.text().nullable(),
      expiresAt: col.timestamp().nullable(),
      pinnedBy: col.text(),
    },
    options: { indexes: [{ on: ['segmentId', 'customerId'], unique: true }] },
  },
  {
    name: 'segmentRuns',
    columns: {
      segmentId: segmentId(),
      definition: col.integer(),
      reason: col.enum(['created', 'edited', 'restored', 'asked', 'due']),
      state: col.enum(['running', 'done', 'failed', 'cancelled']),
      doneUntil: col.id().nullable(),
      done: col.integer().default(0),
      total: col.integer().nullable(),
      entered: col.integer().default(0),
      left: col.integer().default(0),
      startedAt: col.timestamp(),
      finishedAt: col.timestamp().nullable(),
      error: col.text().nullable(),
    },
  },
  {
    name: 'segmentVersions',
    columns: {
      segmentId: segmentId(),
      number: col.integer(),
      condition: col.json(z.unknown()),
      kind: col.enum(kinds),
      savedBy: col.text(),
    },
    options: { indexes: [{ on: ['segmentId', 'number'], unique: true }] },
  },
  { name: 'segmentEpochs', columns: { key: col.text().unique(), epoch: col.id() } },
]

const added = {
  kind: col.enum(kinds).default('dynamic'),
  // What there was has no memberships yet: the upkeep finds it and computes them.
  status: col.enum(['computing', 'live', 'failed']).default('computing'),
  definition: col.integer().default(1),
  runId: col.id().nullable(),
  hasPins: col.boolean().default(false),
}

export const m0002Memberships: Migration = {
  async up(m) {
    for (const [name, column] of Object.entries(added)) await m.addColumn('segments', name, column)
    for (const table of tables) await m.createTable(table)
  },
  async down(m) {
    for (const { name } of tables.toReversed()) await m.dropTable(name)
    for (const [name, column] of Object.entries(added).toReversed())
      await m.dropColumn('segments', name, column)
  },
}
