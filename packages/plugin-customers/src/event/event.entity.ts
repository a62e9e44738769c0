import { col, defineEntity, extendEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { Source } from '../source/source.entity.ts'
import { eventTypes } from './event-type.ts'

const json = z.record(z.string(), z.json())

/** Something a customer did. Append-only: only a merge moves it, and an erasure removes it. */
export const CustomerEvent = defineEntity(
  'events',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'delete', onDelete: 'cascade' })
      .filterable(),
    messageId: col
      .text(z.string().min(1).max(255))
      .unique()
      .describe('Whoever repeats it is not heard twice'),
    type: col.enum(eventTypes).filterable(),
    name: col.text(z.string().min(1).max(200)).filterable().describe('Of a track: what was done'),
    properties: col.json(json).default({}).pii(),
    context: col.json(json).default({}).pii().describe('Page, campaign, device: what the client sends along'),
    occurredAt: col
      .timestamp()
      .filterable()
      .sortable()
      .describe('On our clock: the client’s, corrected by how far off its clock is'),
    receivedAt: col.timestamp(),
    sourceId: col
      .ref(() => Source)
      .nullable()
      .filterable(),
  },
  {
    live: false,
    audited: false,
    label: 'name',
    // By customer, the name tells what to look at before any row is; by name, nothing else is looked at.
    indexes: [{ on: ['customerId', 'occurredAt', 'name'] }, { on: ['name', 'occurredAt', 'customerId'] }],
    description: 'What customers did.',
  },
)

/** When a customer was seen, and how much of them. */
export const CustomerActivity = extendEntity(
  Customer,
  'customerActivities',
  {
    firstSeenAt: col.timestamp().nullable().filterable().sortable().segmentable(),
    lastSeenAt: col.timestamp().nullable().index().filterable().sortable().segmentable(),
    eventCount: col.integer().default(0).filterable().sortable().segmentable(),
  },
  { as: 'activity', description: 'First and last seen, and how many events.' },
)

/** The names of events that have been seen, and those declared in code. */
export const EventDefinition = defineEntity(
  'eventDefinitions',
  {
    type: col.enum(eventTypes).filterable(),
    name: col.text(z.string().min(1).max(200)).filterable().sortable().searchable(),
    description: col.text(z.string().max(2000)).nullable(),
    firstSeenAt: col.timestamp().nullable(),
    lastSeenAt: col.timestamp().nullable().sortable(),
  },
  {
    label: 'name',
    live: false,
    indexes: [{ on: ['type', 'name'], unique: true }],
    description: 'The events a shop knows.',
  },
)

/** An event as `t.repo` and the wire show one. */
export interface CustomerEventRow extends RowOf<typeof CustomerEvent> {}
