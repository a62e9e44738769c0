import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })
const webhookEndpoints = defineEntity('webhookEndpoints', {})

const endpoints: TableDefinition = {
  name: 'webhookEndpoints',
  columns: {
    url: col.text(),
    description: col.text().default(''),
    subscriptions: col.json(z.unknown()),
    includeImports: col.boolean().default(false),
    enabled: col.boolean().default(true),
    disabledAt: col.timestamp().nullable(),
    disabledReason: col.text().nullable(),
    failingSince: col.timestamp().nullable(),
    secret: col.secret(),
    previousSecret: col.secret().nullable(),
    previousSecretUntil: col.timestamp().nullable(),
  },
}

const deliveries: TableDefinition = {
  name: 'webhookDeliveries',
  columns: {
    endpointId: col.ref(() => webhookEndpoints, { onDelete: 'cascade' }),
    eventId: col.id(),
    type: col.text(),
    customerId: col
      .ref(() => customers, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' })
      .nullable(),
    payload: col.json(z.unknown()),
    state: col.enum(['waiting', 'delivered', 'failed', 'held']).default('waiting'),
    attempts: col.integer().default(0),
    lastStatus: col.integer().nullable(),
    lastError: col.text().nullable(),
    lastDurationMs: col.integer().nullable(),
    lastAttemptAt: col.timestamp().nullable(),
    nextAttemptAt: col.timestamp().nullable(),
    attemptLog: col.json(z.unknown()).default([]),
  },
  options: {
    indexes: [
      { on: ['endpointId', 'eventId'], unique: true },
      { on: ['state', 'nextAttemptAt'] },
      { on: ['createdAt'] },
    ],
  },
}

export const m0001Webhooks: Migration = {
  async up(m) {
    await m.createTable(endpoints)
    await m.createTable(deliveries)
  },
  async down(m) {
    await m.dropTable('webhookDeliveries')
    await m.dropTable('webhookEndpoints')
  },
}
