import type { AnyColumn } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { columnsOf, type PhysicalIndex } from '../storage/physical.ts'
import { physicalName } from '../storage/physical-name.ts'
import type { Capabilities, Connection } from '../storage/storage.ts'
import { columnNames, indexesOf, mentions, tableExists, type ExistingIndex } from './catalogue.ts'
import type { MigrationIndex, MigrationTools } from './migration.ts'

/** One difference, as a step there and one back. */
export interface DraftStep {
  /** The statement of `up`: `m.addColumn('notes', 'pinned', …)`, with columns as `$column`. */
  readonly up: string
  /** The statement of `down`; null when only a person knows it. */
  readonly down: string | null
  /** Written out where `up` or `down` name it. */
  readonly column?: AnyColumn
  /** The table to be created: written out above the migration. */
  readonly table?: AnyEntity
  apply(m: MigrationTools): Promise<void>
}

interface Schema {
  readonly dialect: Capabilities['dialect']
  readonly prefix: string
}

/** What makes the tables of the entities out of those that are there; referred tables first. */
export async function draftSteps(
  connection: Connection,
  schema: Schema,
  entities: readonly RegisteredEntity[],
): Promise<DraftStep[]> {
  const created: RegisteredEntity[] = []
  const steps: DraftStep[] = []
  // What makes rows findable by words is no column or index of an entity.
  for (const one of entities.filter(({ table }) => !table.fullText)) {
    if (await tableExists(connection, schema.dialect, one.physicalName))
      steps.push(...(await alterSteps(connection, schema, one)))
    else created.push(one)
  }
  return [...referredFirst(created).map(createStep), ...steps]
}

function createStep({ entity }: RegisteredEntity): DraftStep {
  return {
    up: `m.createTable(${entity.name})`,
    down: `m.dropTable('${entity.name}')`,
    table: entity,
    apply: (m) => m.createTable(entity),
  }
}

async function alterSteps(
  connection: Connection,
  { dialect, prefix }: Schema,
  { entity, table, physicalName: physical }: RegisteredEntity,
): Promise<DraftStep[]> {
  const existing = await columnNames(connection, dialect, physical)
  const indexes = await indexesOf(connection, dialect, physical)
  const added = Object.entries(entity.columns).filter(([property, { spec }]) =>
    columnsOf(property, spec).some(({ name }) => !existing.includes(name)),
  )
  const declared = new Set(table.columns.map(({ name }) => name))
  const gone = existing.filter((name) => !declared.has(name))
  const bare = (name: string): string => name.slice(prefix.length)
  const newNames = new Set(table.indexes.map(({ name }) => physicalName(prefix, name)))
  const ofAdded = (index: PhysicalIndex): boolean =>
    added.some(
      ([property, { spec }]) =>
        (spec.unique || spec.indexed) &&
        index.columns.filter((name) => name !== 'tenant_id').join() === columnsOf(property, spec)[0]?.name,
    )
  return [
    ...indexes
      .filter(
        ({ name }) => !newNames.has(name) && !gone.some((column) => mentions(byName(indexes, name), column)),
      )
      .map((index) => dropIndexStep(entity, index, bare(index.name))),
    ...gone.map((name) => dropColumnStep(entity, name)),
    ...added.map(([property, column]) => addColumnStep(entity, property, column)),
    ...table.indexes
      .filter((index) => !indexes.some(({ name }) => name === physicalName(prefix, index.name)))
      .filter((index) => !ofAdded(index))
      .map((index) => addIndexStep(entity, table.columns, index)),
  ]
}

function addColumnStep({ name }: AnyEntity, property: string, column: AnyColumn): DraftStep {
  return {
    up: `m.addColumn('${name}', '${property}', $column)`,
    down: `m.dropColumn('${name}', '${property}', $column)`,
    column,
    apply: (m) => m.addColumn(name, property, column),
  }
}

/** The way back needs the column as it was, which only the last migrations know. */
function dropColumnStep({ name }: AnyEntity, physical: string): DraftStep {
  const property = camelCase(physical)
  // Only the kind of the physical column matters for dropping it.
  const column = {
    spec: { kind: 'text', nullable: true, unique: false, indexed: false },
  } as unknown as AnyColumn
  return {
    up: `m.dropColumn('${name}', '${property}', col.text())`,
    down: null,
    apply: (m) => m.dropColumn(name, property, column),
  }
}

function addIndexStep(
  { name }: AnyEntity,
  columns: RegisteredEntity['table']['columns'],
  index: PhysicalIndex,
): DraftStep {
  const options = indexOptions(columns, index)
  return {
    up: `m.addIndex('${name}', ${printed(options)})`,
    down: `m.dropIndex('${name}', ${printed(options)})`,
    apply: (m) => m.addIndex(name, options),
  }
}

function dropIndexStep({ name }: AnyEntity, index: ExistingIndex, bareName: string): DraftStep {
  const on = index.columns.filter((column) => column !== 'tenant_id').map(camelCase)
  const where = /\bWHERE\b\s*(.*)$/is.exec(index.sql)?.[1]
  const unique = bareName.endsWith('_key')
  const options: MigrationIndex = {
    on,
    ...(unique ? { unique } : {}),
    ...(where ? { where } : unique ? { where: null } : {}),
  }
  return {
    up: `m.dropIndex('${name}', ${printed(options)})`,
    down: `m.addIndex('${name}', ${printed(options)})`,
    apply: (m) => m.dropIndex(name, options),
  }
}

function indexOptions(columns: RegisteredEntity['table']['columns'], index: PhysicalIndex): MigrationIndex {
  const on = index.columns
    .filter((name) => name !== 'tenant_id')
    .map((name) => columns.find((column) => column.name === name)?.property ?? camelCase(name))
  return {
    on,
    ...(index.unique ? { unique: true } : {}),
    ...(index.where ? { where: index.where } : index.unique ? { where: null } : {}),
  }
}

function printed({ on, unique, where }: MigrationIndex): string {
  const parts = [
    `on: [${on.map((name) => `'${name}'`).join(', ')}]`,
    ...(unique ? ['unique: true'] : []),
    ...(where === undefined ? [] : [`where: ${where === null ? 'null' : JSON.stringify(where)}`]),
  ]
  return `{ ${parts.join(', ')} }`
}

function referredFirst(entities: readonly RegisteredEntity[]): RegisteredEntity[] {
  const left = [...entities]
  const ordered: RegisteredEntity[] = []
  while (left.length > 0) {
    const names = new Set(left.map(({ table }) => table.name))
    const free = left.findIndex(({ table }) =>
      table.foreignKeys.every((key) => key.table === table.name || !names.has(key.table)),
    )
    // Tables that refer to each other have no order; the database says so.
    ordered.push(...left.splice(Math.max(free, 0), 1))
  }
  return ordered
}

function byName(indexes: readonly ExistingIndex[], name: string): ExistingIndex {
  return indexes.find((index) => index.name === name)!
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
