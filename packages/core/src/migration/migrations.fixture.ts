import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { postgresTestStorage, type TestStorage } from '@clientele/testing'
import { inject, onTestFinished } from 'vitest'
import type { AnyEntity } from '../entity/entity.ts'
import { definePlugin, type AnyPluginFactory } from '../plugin/plugin.ts'
import { registerEntities } from '../plugin/register-entities.ts'
import type { Registry } from '../plugin/registry.ts'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import type { Storage } from '../storage/storage.ts'
import type { Migration, MigrationTools } from './migration.ts'
import { createMigrator, type Migrator } from './migrator.ts'

export type SchemaRegistry = Pick<Registry, 'plugins' | 'migrations' | 'entities' | 'tables' | 'tablePrefix'>

/** A plugin reduced to its schema. */
export interface SchemaPlugin {
  readonly id: string
  readonly dependsOn?: readonly string[]
  readonly entities?: readonly AnyEntity[]
  readonly migrations?: Readonly<Record<string, Migration>>
}

export function registryOf(plugins: readonly SchemaPlugin[], tablePrefix = 'clientele_'): SchemaRegistry {
  const factories = new Map<string, AnyPluginFactory>()
  for (const { id, dependsOn = [], entities = [], migrations = {} } of plugins) {
    const below = dependsOn.map((one) => factories.get(one)!)
    const definition = { id, version: '1.0.0', requires: { core: '*' }, dependsOn: below, entities, migrations }
    factories.set(id, definePlugin(definition) as AnyPluginFactory)
  }
  const installed = [...factories].map(([id, factory]) => ({ id, plugin: factory(), options: undefined }))
  const { byName, byPhysicalName } = registerEntities(installed, tablePrefix)
  return {
    tablePrefix,
    plugins: installed,
    entities: byName,
    tables: byPhysicalName,
    migrations: plugins.flatMap(({ id, migrations = {} }) =>
      Object.keys(migrations)
        .toSorted()
        .map((name) => ({ pluginId: id, name, migration: migrations[name]! })),
    ),
  }
}

/** An empty database that several storages may open, as several processes would; gone when the test ends. */
export interface TestDatabase {
  readonly kind: TestStorage
  /** A path or a `postgres://` address that names the database and nothing else. */
  readonly url: string
  open(registry?: SchemaRegistry): Promise<Storage>
}

export async function emptyDatabase(kind: TestStorage): Promise<TestDatabase> {
  const opened: Storage[] = []
  const { url, connect, remove } = kind === 'sqlite' ? await emptyFile() : await emptySchema()
  onTestFinished(async () => {
    for (const storage of opened) await storage.close()
    await remove()
  })
  return {
    kind,
    url,
    async open(registry) {
      const storage = connect()
      opened.push(storage)
      await storage.open({
        logger: silentLogger(),
        clock: systemClock(),
        columnType: (table, column) => registry?.tables.get(table)?.table.columns.find((c) => c.name === column)?.type,
      })
      return storage
    },
  }
}

export function migratorOf(storage: Storage, registry: SchemaRegistry): Migrator {
  return createMigrator({ storage, registry, logger: silentLogger(), clock: systemClock() })
}

/** A migration that does something and undoes nothing. */
export function migration(
  up: (m: MigrationTools) => Promise<void>,
  down: (m: MigrationTools) => Promise<void> = async () => {},
): Migration {
  return { up, down }
}

async function emptyFile() {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-migrations-'))
  const url = join(folder, 'test.db')
  return { url, connect: () => sqlite(url), remove: () => rm(folder, { recursive: true, force: true }) }
}

async function emptySchema() {
  const server = inject('postgresUrl')
  const { schema, dispose } = await postgresTestStorage(server)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return { url: url.href, connect: () => postgres({ url: server, schema, max: 3 }), remove: dispose }
}
