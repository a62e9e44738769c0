import Database from 'better-sqlite3'
import * as z from 'zod'
import {
  PostgresAdapter,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
  type Kysely,
  type OperationNode,
} from 'kysely'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity, type AnyEntity } from '../entity/entity.ts'
import type { Compilable } from '../context/context.ts'
import { definePlugin } from '../plugin/plugin.ts'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'
import { physicalTable, type SqlType } from '../storage/physical.ts'
import type { Capabilities, Connection, SqlDialect, Statement, StatementResult } from '../storage/storage.ts'
import { createSqlLayer, type SqlLayerParts } from './create-sql-layer.ts'
import { camelCase } from './names.ts'
import type { Binding, SqlLayer } from './sql-layer.ts'

const Customer = defineEntity(
  'customers',
  {
    name: col.text(),
    vip: col.boolean().default(false),
    score: col.integer().default(0),
    seenAt: col.timestamp().nullable(),
    traits: col.json(z.record(z.string(), z.unknown())).nullable(),
  },
  { softDelete: true, importable: true, subject: true },
)
const Order = defineEntity('orders', {
  customerId: col.id().nullable(),
  total: col.integer(),
  paid: col.boolean().default(false),
  placedAt: col.timestamp(),
})
const Tag = defineEntity(
  'tags',
  { word: col.text().unique(), uses: col.integer().default(0) },
  { softDelete: true },
)
const Country = defineEntity(
  'countries',
  { code: col.text() },
  { tenancy: { global: 'the same everywhere' } },
)
const Metrics = extendEntity(
  Customer as AnyEntity,
  'customerMetrics',
  { orderCount: col.integer().default(0) },
  { as: 'metrics' },
)

const entities: readonly AnyEntity[] = [Customer, Order, Tag, Country, Metrics]

/** The same entities as a plugin, for databases that are made by migrations. */
export const fixturePlugin = definePlugin({
  id: 'fixture',
  version: '1.0.0',
  requires: { core: '*' },
  entities,
  migrations: {
    '0001-fixture': {
      async up(m) {
        for (const entity of entities) await m.createTable(entity)
      },
      async down(m) {
        for (const entity of entities.toReversed()) await m.dropTable(entity.name)
      },
    },
  },
})

/** A registry of a few entities, as composition would make it. */
export function fixtureRegistry(tablePrefix = 'clientele_'): Registry {
  const registered = entities.map((entity): RegisteredEntity => {
    const table = physicalTable(entity)
    return {
      entity,
      pluginId: 'test',
      tenancy: table.tenancy,
      softDelete: entity.options.softDelete ?? false,
      table,
      physicalName: `${tablePrefix}${table.name}`,
      columns: new Map(table.columns.map((column) => [column.property, column])),
      extensions: [],
    }
  })
  const parts: Partial<Registry> = {
    tablePrefix,
    entities: new Map(registered.map((one) => [one.entity.name, one])),
    tables: new Map(registered.map((one) => [one.physicalName, one])),
  }
  return parts as Registry
}

const capabilities = (dialect: Capabilities['dialect']): Capabilities => ({
  dialect,
  fullText: dialect === 'postgres' ? 'tsvector' : 'fts5',
  skipLocked: dialect === 'postgres',
  rowLocks: dialect === 'postgres',
  concurrentWriters: dialect === 'postgres',
  rowLevelSecurity: false,
  maxParameters: 30_000,
})

const SQLITE_TYPES: Readonly<Record<SqlType, string>> = {
  uuid: 'BLOB',
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  timestamp: 'INTEGER',
  json: 'TEXT',
  bytes: 'BLOB',
}
const POSTGRES_TYPES: Partial<Record<SqlType, string>> = {
  integer: 'bigint',
  real: 'float8',
  timestamp: 'timestamptz(3)',
  json: 'jsonb',
  bytes: 'bytea',
}

const sqliteSql: SqlDialect = {
  columnType: (type) => SQLITE_TYPES[type],
  tableSuffix: ' STRICT',
  encode: (type, value) => {
    if (value === null || value === undefined) return null
    if (type === 'uuid') return Buffer.from((value as string).replaceAll('-', ''), 'hex')
    if (type === 'timestamp') return Date.parse(value as string)
    if (type === 'boolean') return Number(value)
    return type === 'json' ? JSON.stringify(value) : value
  },
}
const postgresSql: SqlDialect = {
  columnType: (type) => POSTGRES_TYPES[type] ?? type,
  tableSuffix: '',
  encode: (type, value) => (type === 'json' && value !== null ? JSON.stringify(value) : value),
}

const sqliteStorage: SqlLayerParts['storage'] = {
  capabilities: capabilities('sqlite'),
  sql: sqliteSql,
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new SqliteAdapter(),
}
const postgresStorage: SqlLayerParts['storage'] = {
  capabilities: capabilities('postgres'),
  sql: postgresSql,
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createAdapter: () => new PostgresAdapter(),
}

export const tenantA: Binding = { tenantId: 'a', writes: 'allow', removed: 'hide' }
export const readerA: Binding = { ...tenantA, writes: 'refuse' }
export const system: Binding = { tenantId: null, writes: 'allow', removed: 'show' }

// `any`: tests name tables of the fixture without a type for each.
export type AnyDb = Kysely<any>
type Build = (db: AnyDb, layer: SqlLayer) => { toOperationNode(): OperationNode }

const nowhere = { use: () => Promise.reject(new Error('this handle only compiles')) }
const layers = {
  sqlite: createSqlLayer({ registry: fixtureRegistry(), storage: sqliteStorage }),
  postgres: createSqlLayer({ registry: fixtureRegistry(), storage: postgresStorage }),
}

/** The statement a query becomes, without a database. */
export function compiled(
  build: Build,
  binding: Binding = tenantA,
  dialect: keyof typeof layers = 'sqlite',
): Statement {
  const layer = layers[dialect]
  return layer.statementOf(build(layer.kysely(binding, nowhere), layer) as unknown as Compilable<unknown>)
}

/** As {@link compiled}, for PostgreSQL. */
export function compiledPostgres(build: Build, binding: Binding = tenantA): Statement {
  return compiled(build, binding, 'postgres')
}

export interface TestDatabase {
  readonly layer: SqlLayer
  readonly connection: Connection
  readonly raw: Database.Database
  readonly db: (binding: Binding) => AnyDb
}

/** A real SQLite database in memory with the fixture's tables. */
export function openDatabase(): TestDatabase {
  const raw = new Database(':memory:')
  const registry = fixtureRegistry()
  const layer = createSqlLayer({ registry, storage: sqliteStorage })
  for (const { physicalName, table } of registry.tables.values()) {
    const columns = table.columns.map(
      ({ name, type, nullable }) => `"${name}" ${SQLITE_TYPES[type]}${nullable ? '' : ' NOT NULL'}`,
    )
    raw.exec(
      `CREATE TABLE "${physicalName}" (${columns.join(', ')}, PRIMARY KEY (${table.primaryKey.join(', ')})) STRICT`,
    )
    for (const index of table.indexes) {
      raw.exec(
        `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX "${index.name}" ON "${physicalName}" (${index.columns.join(', ')})${index.where ? ` WHERE ${index.where}` : ''}`,
      )
    }
  }
  const connection = sqliteConnection(raw, registry)
  return { layer, connection, raw, db: (binding) => layer.kysely(binding, { use: (run) => run(connection) }) }
}

function sqliteConnection(raw: Database.Database, registry: Registry): Connection {
  const execute = ({ sql, parameters }: Statement): StatementResult => {
    const statement = raw.prepare(sql)
    if (!statement.reader) return { rows: [], affected: statement.run(...parameters).changes }
    const columns = statement.columns().map(({ name, table, column }) => {
      const [property, declared] = name.split('::') as [string, SqlType | undefined]
      const origin = registry.tables.get(table ?? '')?.table.columns.find((one) => one.name === column)
      return { property: camelCase(property), type: declared ?? origin?.type }
    })
    const rows = (statement.raw().all(...parameters) as unknown[][]).map((row) =>
      Object.fromEntries(
        row.map((value, index) => [columns[index]?.property, decode(columns[index]?.type, value)]),
      ),
    )
    return { rows, affected: statement.readonly ? 0 : rows.length }
  }
  return {
    execute: (statement) => Promise.resolve().then(() => execute(statement)),
    async *stream(statement, chunkSize) {
      const { rows } = execute(statement)
      for (let at = 0; at < rows.length; at += chunkSize)
        yield { rows: rows.slice(at, at + chunkSize), affected: 0 }
    },
    insertRows: () => Promise.reject(new Error('not needed here')),
  }
}

function decode(type: SqlType | undefined, value: unknown): unknown {
  if (value === null) return null
  if (type === 'uuid')
    return (value as Buffer).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  if (type === 'timestamp') return new Date(value as number).toISOString()
  if (type === 'boolean') return value === 1
  return type === 'json' ? JSON.parse(value as string) : value
}
