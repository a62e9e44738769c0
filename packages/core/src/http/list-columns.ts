import { shapeOf, type RowShape } from '../entity/row-shape.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { PhysicalColumn } from '../storage/physical.ts'
import type { ListQuery } from './list-query.ts'

/** A column a list filters or sorts by. */
export interface ListColumn {
  /** As a query names it: `orders.status`. */
  readonly ref: string
  readonly column: PhysicalColumn
  /** The extension it belongs to; null for the entity's own. */
  readonly extension: RegisteredEntity | null
}

/** The column behind a name of the list protocol. Names were checked by the query schema. */
export function listColumn(registered: RegisteredEntity, field: string): ListColumn {
  const dot = field.indexOf('.')
  const extension = dot === -1 ? null : extensionNamed(registered, field.slice(0, dot))
  const owner = extension ?? registered
  const column = owner.columns.get(field.slice(dot + 1))
  const isHidden = column?.property === 'tenantId' && !('tenantId' in owner.entity.columns)
  if (!column || isHidden) {
    throw new TypeError(`Entity "${registered.entity.name}" has no column "${field}"`)
  }
  return { ref: `${owner.entity.name}.${column.property}`, column, extension }
}

function extensionNamed(registered: RegisteredEntity, as: string): RegisteredEntity {
  const extension = registered.extensions.find(({ entity }) => entity.extension?.as === as)
  if (extension) return extension
  throw new TypeError(`Entity "${registered.entity.name}" has no extension "${as}"`)
}

const BASE_COLUMNS: ReadonlySet<string> = new Set(['tenantId', 'id', 'version', 'createdAt', 'updatedAt'])

/** How the columns of an extension travel beside those of the row. */
export interface IncludedExtension {
  readonly extension: RegisteredEntity
  /** The key of its object in an item. */
  readonly as: string
  readonly columns: readonly { readonly property: string; readonly alias: string }[]
  readonly shape: RowShape
}

/** What a list selects, worked out once per entity and choice of extensions. */
export interface Selection {
  readonly columns: readonly string[]
  readonly included: readonly IncludedExtension[]
}

const selections = new WeakMap<RegisteredEntity, Map<string, Selection>>()

export function selectionOf(registered: RegisteredEntity, include: ListQuery['include'] = []): Selection {
  const key = include.map((entity) => entity.name).join()
  const known = selections.get(registered) ?? new Map<string, Selection>()
  selections.set(registered, known)
  const cached = known.get(key)
  if (cached) return cached
  const included = registered.extensions
    .filter(({ entity }) => include.includes(entity))
    .map((extension, index) => includedExtension(extension, index))
  const selection = { columns: shapeOf(registered).selected, included }
  known.set(key, selection)
  return selection
}

function includedExtension(extension: RegisteredEntity, index: number): IncludedExtension {
  const shape = shapeOf(extension)
  return {
    extension,
    as: extension.entity.extension?.as ?? extension.entity.name,
    columns: shape.selected
      .filter((property) => !BASE_COLUMNS.has(property))
      .map((property) => ({
        property,
        alias: `ext${index}${property[0]!.toUpperCase()}${property.slice(1)}`,
      })),
    shape,
  }
}
