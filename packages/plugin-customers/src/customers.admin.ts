import type { AdminContribution } from '@clientele/core'
import { en } from './admin-words/en.ts'
import { pt } from './admin-words/pt.ts'
import { CustomerActivity } from './event/event.entity.ts'
import { CustomerNote } from './note/note.entity.ts'

/** The panel of customers: the list, and all that is known of one. */
export const customersAdmin: AdminContribution = {
  files: new URL('../dist/admin/', import.meta.url),
  panels: [
    {
      id: 'customers',
      path: '/customers',
      title: 'customers.nav',
      icon: 'users',
      section: 'people',
      order: 10,
      permission: 'customers:read',
      shows: { export: 'Customers' },
    },
    {
      id: 'customers.notes',
      path: '/customer-notes',
      title: 'customers.notes.all',
      // They stand at their customer; the address of all of them still works.
      section: null,
      permission: 'customers:read',
      shows: { entity: CustomerNote },
    },
  ],
  columns: [{ extension: CustomerActivity, field: 'lastSeenAt', width: 128, format: 'ago', order: 200 }],
  details: [
    { extension: CustomerActivity, field: 'lastSeenAt', place: 'figure', format: 'ago', order: 200 },
    { extension: CustomerActivity, field: 'eventCount', place: 'figure', isSum: true, order: 210 },
  ],
  stats: [
    {
      id: 'customers',
      title: 'customers.stat',
      source: '/api/v1/customers?limit=1&count=exact',
      value: 'total',
      to: '/customers',
      order: 10,
      permission: 'customers:read',
    },
    {
      id: 'customers.new',
      title: 'customers.stat.new',
      source: '/api/v1/customers?limit=1&count=exact&createdAt.gte={30d}',
      value: 'total',
      to: '/customers?createdAt.gte={30d}',
      order: 15,
      permission: 'customers:read',
    },
  ],
  commands: [
    {
      id: 'customers.create',
      title: 'customers.new',
      to: '/customers?create=1',
      icon: 'plus',
      permission: 'customers:write',
    },
    {
      id: 'customers.import',
      title: 'customers.import.title',
      to: '/customers?import=1',
      icon: 'up',
      permission: 'customers:write',
    },
  ],
  steps: [
    {
      id: 'customers.first',
      title: 'customers.step',
      text: 'customers.step.text',
      source: '/api/v1/customers?limit=1',
      value: 'items',
      to: '/customers',
      order: 20,
      permission: 'customers:write',
    },
  ],
  words: { en, pt },
}
