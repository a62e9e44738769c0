import { col, defineEntity, definePlugin, crudRoutes, type Actor, type Migration } from '@clientele/core'
import * as z from 'zod'

/** People, what is written about them, and what is nobody's. */
export const Person = defineEntity(
  'people',
  { name: col.text(), email: col.text().nullable().pii(), age: col.integer().nullable() },
  { subject: true, softDelete: true, singular: 'person' },
)
export const Note = defineEntity(
  'notes',
  {
    personId: col.ref(() => Person, { onMerge: 'move', onErase: 'anonymise' }).nullable(),
    text: col.text().default('').pii(),
    mark: col.json(z.record(z.string(), z.json())).default({}),
  },
  {},
)
export const Account = defineEntity('accounts', {
  email: col.text().pii(),
  apiToken: col.text().default('t0ken-in-the-clear'),
  key: col.secret().nullable(),
})
export const Beat = defineEntity('beats', { at: col.integer() }, { audited: false })

const entities = [Person, Note, Account, Beat] as const
const migration: Migration = {
  async up(m) {
    for (const entity of entities) await m.createTable(entity)
  },
  async down(m) {
    for (const { name } of entities.toReversed()) await m.dropTable(name)
  },
}

export const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [...entities],
  migrations: { '0001-notes': migration },
  permissions: { 'notes:read': { label: 'See notes' }, 'notes:write': { label: 'Write notes' } },
  routes: crudRoutes(Note, { path: '/api/v1/notes', read: 'notes:read', write: 'notes:write' }),
})

/** Somebody who may do everything. */
export function user(id: string, more: Partial<Actor> = {}): Actor {
  return { kind: 'user', id, permissions: new Set(['*']), ...more }
}
