import { admin } from '@clientele/admin'
import { provide, type AnyPlugin, type Storage } from '@clientele/core'
import { audit } from '@clientele/plugin-audit'
import { auth, Dns } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { webhooks } from '@clientele/plugin-webhooks'
import { createTestClientele, type TestClientele, type TestStorage } from '@clientele/testing'
import { withoutChance } from './call.ts'
import { chores } from './chores.ts'
import { fixedRandom, SeededIds } from './seeded-ids.ts'
import { TENANTS } from './tenants.ts'

export const plugins = [
  customers(),
  inventory(),
  orders(),
  segments(),
  webhooks(),
  auth(),
  audit(),
  admin(),
] as const

/** All plugins on one database, for many tenants, with nothing left to chance. */
export interface Shop {
  readonly test: TestClientele<typeof plugins>
  readonly ids: SeededIds
  /** Physical names of the tables that hold rows of tenants. */
  readonly tables: readonly string[]
}

export async function openShop(storage: TestStorage | Storage, ...more: AnyPlugin[]): Promise<Shop> {
  const ids = new SeededIds()
  const test: Shop['test'] = await createTestClientele({
    storage,
    plugins: [...plugins, chores(), ...more] as unknown as typeof plugins,
    tenancy: { mode: 'multi', tenants: async () => TENANTS },
    overrides: [provide(Dns, { factory: () => ({ txt: (name) => recordsOf(test.storage, name) }) })],
    ids,
    random: fixedRandom(ids),
    now: '2026-03-20T09:00:00.000Z',
  })
  // Schedules get their rows: now, so that these have the same ids whoever is filled first.
  ids.use('schedules')
  await test.drain()
  return { test, ids, tables: await tenantTables(test.storage) }
}

/** Every row of the tenants for which `which` holds, as the database has it; equal dumps mean that nothing changed. */
export async function dumpRows(
  { test, tables }: Shop,
  which: { readonly of: string } | { readonly notOf: string },
): Promise<string> {
  const [operator, tenantId] = 'of' in which ? ['=', which.of] : ['<>', which.notOf]
  return test.storage.read({ tenantId: '*' }, async (connection) => {
    const dumped: string[] = []
    for (const table of tables) {
      const sql = `select * from ${table} where tenant_id ${operator} '${tenantId}' order by tenant_id, id`
      const { rows } = await connection.execute({ sql, parameters: [] })
      dumped.push(...rows.map((row) => `${table} ${JSON.stringify('of' in which ? alike(row) : row)}`))
    }
    return dumped.map(withoutPlaces).toSorted().join('\n')
  })
}

/**
 * What of a row is the same where there are no other tenants. Places in the search index and the journal are counted
 * over all tenants, and nobody sees them; hashes and signatures of the trail follow from ids.
 */
function alike({ place: _, position: _2, ...row }: Readonly<Record<string, unknown>>): object {
  const isOfTrail = 'signature' in row || ('seq' in row && 'hash' in row)
  return isOfTrail ? { ...row, ...NOT_ALIKE } : row
}

const NOT_ALIKE = { details: 0, salt: 0, detailsHash: 0, signature: 0, seq: 0, hash: 0 }

/** Which of the rows that one call made got the first of its ids is nobody's business; which call made it is. */
function withoutPlaces(row: string): string {
  return withoutChance(row).replaceAll(/([0-9a-f]{8}-0000-7000-8)[0-9a-f]{3}-[0-9a-f]{12}/g, '$1')
}

/** What the name servers of those say who wait for a domain to be proved: all of them have added the record. */
async function recordsOf(storage: Storage, name: string): Promise<readonly string[]> {
  const sql = `select token from clientele_tenant_domains where '_clientele.' || domain = '${name}' order by token`
  const { rows } = await storage.read({ tenantId: '*' }, (one) => one.execute({ sql, parameters: [] }))
  return rows.map(({ token }) => String(token))
}

/** Tables with a `tenant_id`, as the database has them, not as anyone declares them. */
async function tenantTables(storage: Storage): Promise<readonly string[]> {
  const tables: string[] = []
  let table = ''
  for (const line of (await storage.describeSchema('clientele_')).split('\n')) {
    if (line !== '' && !line.startsWith(' ')) table = line.replace(/^table /, '').split(' ')[0]!
    if (line.startsWith('  column tenant_id ')) tables.push(`clientele_${table.replace(/^clientele_/, '')}`)
  }
  return tables
}
