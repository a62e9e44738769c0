import { corePlugin, isGlobal, snakeCase, type AnyEntity } from '@clientele/core'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { openShop, plugins } from './shop.ts'

const entities = [corePlugin(), ...plugins].flatMap(
  ({ definition }): readonly AnyEntity[] => definition.entities ?? [],
)
const globals = entities.filter(({ options }) => isGlobal(options))

test('every entity without a tenant says why', () => {
  const reasons = globals.map(({ name, options }) => {
    const { global: reason } = options.tenancy as { readonly global: string }
    return { name, reason }
  })
  for (const { name, reason } of reasons) console.log(`global entity "${name}": ${reason}`)
  expect(reasons.filter(({ reason }) => reason.length < 20)).toEqual([])
})

eachStorage((storage) => {
  test('tenant_id stands first in every key and index of every table of tenants', async () => {
    const { test: shop } = await openShop(storage)
    const tables = keysByTable(await shop.storage.describeSchema('clientele_'))
    const free = new Set(globals.map(({ name }) => snakeCase(name)))
    expect([...tables.keys()].toSorted()).toEqual(
      [...entities.map(({ name }) => snakeCase(name)), 'migrations'].toSorted(),
    )
    for (const [table, keys] of tables) {
      if (free.has(table) || table === 'migrations') continue
      expect(keys.filter((key) => key.startsWith('primary key (tenant_id, '))).toHaveLength(1)
      // The words of the search index begin with a sign of their tenant; no column can stand before them.
      const plain = keys.filter((key) => !/ using gin \("?words\b/.test(key))
      expect(
        plain.filter((key) => !/\("?tenant_id\b/.test(key)),
        table,
      ).toEqual([])
    }
  })
})

/** Primary, unique and foreign keys and indexes of each table, as the database describes them. */
function keysByTable(description: string): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>()
  let keys: string[] = []
  for (const line of description.split('\n').filter((one) => one !== '' && !one.startsWith('virtual'))) {
    const text = line.trim()
    if (/^(primary key|unique|index|foreign key)\b/.test(text)) keys.push(text)
    if (line.startsWith(' ')) continue
    const name = text.replace(/^table /, '').split(' ')[0]!
    tables.set(name.replace(/^clientele_/, ''), (keys = []))
  }
  return tables
}
