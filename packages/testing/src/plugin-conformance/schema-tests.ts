import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { isGlobal, proveMigrations, snakeCase, type AnyEntity, type Storage } from '@clientele/core'
import { expect, inject, onTestFinished, test } from 'vitest'
import type { TestStorage } from '../create-test-clientele.ts'
import { eachStorage } from '../each-storage.ts'
import type { Composition } from '../plugin-conformance.ts'
import { postgresTestStorage } from '../postgres-schema.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Migrations and tables, on both databases. */
export function schemaTests({ plugin, plugins }: Composition): void {
  const entities: readonly AnyEntity[] = plugin.definition.entities ?? []

  eachStorage((kind) => {
    test('migrations make the tables of the entities, leave nothing when undone, and run again', async () => {
      const [migrated, scratch] = await twoStorages(kind)
      expect(await proveMigrations(plugins, { migrated, scratch })).toEqual([])
    })

    test('tenant_id stands first in every key and index of a tenant entity', async () => {
      const [migrated, scratch] = await twoStorages(kind)
      await proveMigrations(plugins, { migrated, scratch })
      const keys = keysByTable(await migrated.describeSchema(PREFIX))
      for (const { name } of entities.filter((entity) => !isGlobal(entity.options))) {
        const own = keys.get(snakeCase(name)) ?? []
        expect(own.some((key) => key.startsWith('primary key'))).toBe(true)
        expect(own.filter((key) => !/\("?tenant_id\b/.test(key))).toEqual([])
      }
    })
  })
}

const PREFIX = 'clientele_'
const KEY = /^(primary key|unique|index|foreign key)\b/

/** The lines of a schema's description that say a key or index, by table. */
function keysByTable(description: string): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>()
  let keys: string[] = []
  for (const line of description.split('\n').filter((one) => one.trim() !== '')) {
    if (line.startsWith(' ')) {
      if (KEY.test(line.trim())) keys.push(line.trim())
      continue
    }
    const name = line.replace(/^table /, '').split(' ')[0]!
    tables.set(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, (keys = []))
  }
  return tables
}

async function twoStorages(kind: TestStorage): Promise<readonly [Storage, Storage]> {
  if (kind === 'postgres') {
    const url = inject('postgresUrl')
    const both = [await postgresTestStorage(url), await postgresTestStorage(url)] as const
    onTestFinished(async () => {
      for (const one of both) await one.dispose()
    })
    return [both[0].storage, both[1].storage]
  }
  const folder = await temporaryFolder()
  const both = [sqlite(join(folder, 'migrated.db')), sqlite(join(folder, 'scratch.db'))] as const
  onTestFinished(async () => {
    for (const one of both) await one.close()
  })
  return both
}
