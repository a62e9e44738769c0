import {
  col,
  createClientele,
  crudRoutes,
  defineEntity,
  definePlugin,
  silentLogger,
  type Storage,
} from '@clientele/core'
import * as z from 'zod'

/** A plain entity: what an import costs by itself, without search. */
export const Contact = defineEntity(
  'contacts',
  {
    name: col.text(z.string().min(1).max(200)),
    email: col.text(z.email().max(254)).index(),
    country: col.text(z.string().max(100)).nullable(),
    visits: col.integer(z.number().int().min(0)),
    score: col.real().nullable(),
    isMember: col.boolean().default(false),
    joinedAt: col.timestamp(),
    balance: col.money(),
  },
  { importable: true },
)

const contacts = definePlugin({
  id: 'contacts',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Contact],
  migrations: {
    '0001-contacts': {
      up: (m) => m.createTable(Contact),
      down: (m) => m.dropTable('contacts'),
    },
  },
  permissions: {
    'contacts:read': { label: 'See contacts', roles: ['admin'] },
    'contacts:write': { label: 'Change contacts', roles: ['admin'] },
  },
  routes: crudRoutes(Contact, { path: '/api/v1/contacts', read: 'contacts:read', write: 'contacts:write' }),
})

export function contactsInstance(storage: Storage) {
  return createClientele({
    storage,
    keys: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    plugins: [contacts()],
  })
}

const HEADER = 'externalId,name,email,country,visits,score,isMember,joinedAt,balance,balanceCurrency'

/** The rows as a file, in pieces; of every `badEach`-th one the visits are no number. */
export async function* contactsFile(rows: number, badEach = 0): AsyncGenerator<string> {
  yield `${HEADER}\n`
  for (let from = 1; from <= rows; from += 1000) {
    let text = ''
    for (let n = from; n < Math.min(from + 1000, rows + 1); n++) {
      const joined = new Date(1_600_000_000_000 + n * 60_000).toISOString()
      text += `${n},"Person, ${n}",person${n}@example.com,${n % 7 ? 'Germany' : ''},${badEach > 0 && n % badEach === 0 ? 'many' : n % 100},${n / 8},${n % 2 === 0},${joined},${n % 1000}.50,EUR\n`
    }
    yield text
  }
}
