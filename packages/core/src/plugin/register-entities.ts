import type { ColumnSpec } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { LONGEST_NAME, physicalName } from '../storage/physical-name.ts'
import { columnsOf, isGlobal, physicalTable } from '../storage/physical.ts'
import { isPlainName } from '../sql/names.ts'
import { dependencyIds } from './order-plugins.ts'
import type { InstalledPlugin, RegisteredEntity } from './registry.ts'

const RESERVED = new Set([
  'id',
  'tenantId',
  'version',
  'createdAt',
  'updatedAt',
  'deletedAt',
  'source',
  'externalId',
])

interface RegisteredEntities {
  readonly byName: ReadonlyMap<string, RegisteredEntity>
  readonly byPhysicalName: ReadonlyMap<string, RegisteredEntity>
  readonly problems: readonly string[]
}

/** Registers every plugin's entities under the table prefix and ties extensions to their bases. */
export function registerEntities(
  installed: readonly InstalledPlugin[],
  tablePrefix: string,
): RegisteredEntities {
  const byName = new Map<string, RegisteredEntity>()
  const problems: string[] = []
  for (const { id, plugin } of installed) {
    for (const entity of (plugin.definition.entities ?? []) as readonly AnyEntity[]) {
      const known = byName.get(entity.name)
      if (known)
        problems.push(
          `entity "${entity.name}" is declared by both plugin "${known.pluginId}" and plugin "${id}"`,
        )
      problems.push(
        ...columnProblems(entity).map((problem) => `plugin "${id}": entity "${entity.name}": ${problem}`),
      )
      byName.set(entity.name, register(entity, id, tablePrefix))
    }
  }
  for (const entity of byName.values()) {
    const reachable = new Set([entity.pluginId, 'core', ...dependenciesOf(entity.pluginId, installed)])
    problems.push(...referenceProblems(entity, byName, reachable))
    attach(entity, byName, problems)
  }
  return { byName, byPhysicalName: new Map([...byName.values()].map((e) => [e.physicalName, e])), problems }
}

function register(entity: AnyEntity, pluginId: string, tablePrefix: string): RegisteredEntity {
  const table = physicalTable(entity)
  return {
    entity,
    pluginId,
    tenancy: table.tenancy,
    softDelete: entity.options.softDelete ?? false,
    table,
    physicalName: physicalName(tablePrefix, table.name),
    columns: new Map(table.columns.map((column) => [column.property, column])),
    extensions: [],
  }
}

function attach(
  extension: RegisteredEntity,
  byName: ReadonlyMap<string, RegisteredEntity>,
  problems: string[],
): void {
  const spec = extension.entity.extension
  if (!spec) return
  const base = byName.get(spec.base.name)
  if (!base)
    return void problems.push(
      `plugin "${extension.pluginId}": entity "${extension.entity.name}" extends "${spec.base.name}", which is not installed`,
    )
  if (
    base.extensions.some((other) => other.entity.extension?.as === spec.as) ||
    spec.as in base.entity.columns
  ) {
    problems.push(
      `plugin "${extension.pluginId}": "${spec.as}" is already taken on entity "${spec.base.name}"; choose another "as"`,
    )
  }
  // Registration is the only writer; afterwards the list is read-only by type.
  ;(base.extensions as RegisteredEntity[]).push(extension)
}

function columnProblems(entity: AnyEntity): string[] {
  const { name, columns, options, extension } = entity
  const problems: string[] = []
  if (!isPlainName(name)) problems.push('the name must be camelCase letters and digits')
  if (extension && !isPlainName(extension.as))
    problems.push(`as "${extension.as}" must be camelCase letters and digits`)
  if (isGlobal(options) && !(options.tenancy as { global: string }).global.trim()) {
    problems.push('a global entity must say why it is shared by all tenants')
  }
  for (const [property, { spec }] of Object.entries(columns)) {
    // The rows of a global entity may name a tenant without belonging to it.
    const free = property === 'tenantId' && isGlobal(options)
    if (RESERVED.has(property) && !free)
      problems.push(`column "${property}" is one of the framework's own; choose another name`)
    if (!isPlainName(property)) problems.push(`column "${property}" must be camelCase letters and digits`)
    if (columnsOf(property, spec).some((column) => column.name.length > LONGEST_NAME)) {
      problems.push(
        `column "${property}" is longer than ${LONGEST_NAME} characters in SQL; choose a shorter name`,
      )
    }
    if (`${property}Currency` in columns && spec.kind === 'money') {
      problems.push(`column "${property}Currency" is taken by the money column "${property}"`)
    }
    if (spec.searchable) problems.push(...searchProblems(property, spec, entity))
    if (extension && !spec.nullable && !spec.default) {
      problems.push(
        `column "${property}" of an extension needs a default or to be nullable: its row comes with the base row`,
      )
    }
  }
  return problems
}

const SEARCHABLE: ReadonlySet<string> = new Set(['text', 'enum', 'integer', 'id', 'ref'])

function searchProblems(property: string, { kind }: ColumnSpec, { options, extension }: AnyEntity): string[] {
  if (extension)
    return [`column "${property}" cannot be searchable: a search looks into the entity's own columns`]
  if (isGlobal(options))
    return [`column "${property}" cannot be searchable: a search looks into the rows of one tenant`]
  return SEARCHABLE.has(kind) ? [] : [`column "${property}" cannot be searchable: it holds no text`]
}

function referenceProblems(
  { entity, pluginId }: RegisteredEntity,
  byName: ReadonlyMap<string, RegisteredEntity>,
  reachable: ReadonlySet<string>,
): string[] {
  const problems: string[] = []
  for (const [property, { spec }] of Object.entries(entity.columns)) {
    if (!spec.reference) continue
    const of = `plugin "${pluginId}": "${entity.name}.${property}"`
    const target = byName.get(spec.reference.target().name)
    if (!target) {
      problems.push(`${of} refers to "${spec.reference.target().name}", which no installed plugin declares`)
      continue
    }
    if (!reachable.has(target.pluginId)) {
      problems.push(`${of} refers to an entity of plugin "${target.pluginId}"; add it to dependsOn`)
    }
    if (target.entity.options.subject && (!spec.reference.onMerge || !spec.reference.onErase)) {
      problems.push(
        `${of} refers to a person: say onMerge ('move' | 'keep' | 'unique') and onErase ('delete' | 'anonymise' | 'keep')`,
      )
    }
    if (spec.reference.onErase === 'anonymise' && !spec.nullable) {
      problems.push(`${of}: onErase 'anonymise' empties the reference, so the column must be nullable`)
    }
  }
  return problems
}

/** All plugins below one, direct and indirect. */
function dependenciesOf(pluginId: string, installed: readonly InstalledPlugin[]): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (id: string): void => {
    const plugin = installed.find((one) => one.id === id)?.plugin
    for (const dependency of plugin ? dependencyIds(plugin) : []) {
      if (found.has(dependency)) continue
      found.add(dependency)
      visit(dependency)
    }
  }
  visit(pluginId)
  return found
}
