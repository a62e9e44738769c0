import { col } from '../entity/column.ts'
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
    const definition = {
      id,
      version: '1.0.0',
      requires: { core: '*' },
      dependsOn: below,
      entities,
      migrations,
    }
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

/** A migration that creates one small table. */
export function tableMigration(name: string): Migration {
  return migration(
    (m) => m.createTable({ name, columns: { title: col.text() } }),
    (m) => m.dropTable(name),
  )
}

export const threeTables = registryOf([
  {
    id: 'notes',
    migrations: {
      '0001-first': tableMigration('first'),
      '0002-second': tableMigration('second'),
      '0003-third': tableMigration('third'),
    },
  },
])
