import type { AnyEntity, RegisteredCrud } from '@clientele/core'

/** A column as lists and forms need it. */
export interface FieldDescription {
  /** As rows carry it: `email`, `metrics.orderCount`. */
  readonly name: string
  /** `text`, `enum`, `integer`, `amount`, `money`, `real`, `boolean`, `timestamp`, `json`, `ref`, `id`. */
  readonly kind: string
  readonly required: boolean
  readonly sortable: boolean
  readonly filterable: boolean
  /** The closed set of an enum. */
  readonly values?: readonly string[]
  readonly help?: string
  /** The entity that a reference leads to. */
  readonly to?: string
  /** Derived by code: shown, never edited. */
  readonly readOnly?: boolean
}

/** An entity as the panel draws it. */
export interface EntityDescription {
  readonly name: string
  readonly path: string
  /** The column that names a row. */
  readonly label: string
  readonly help?: string
  readonly searchable: boolean
  readonly writable: boolean
  readonly undo: boolean
  readonly fields: readonly FieldDescription[]
}

/** What lists, details and forms of an entity with `crudRoutes` need to know. */
export function describeEntity(
  { entity: registered, path }: RegisteredCrud,
  { writable }: { readonly writable: boolean },
): EntityDescription {
  const { entity, extensions } = registered
  return {
    name: entity.name,
    path,
    label: entity.options.label ?? 'id',
    ...(entity.options.description === undefined ? {} : { help: entity.options.description }),
    searchable: Object.values(entity.columns).some(({ spec }) => spec.searchable),
    writable,
    undo: registered.softDelete,
    fields: [
      ...fieldsOf(entity),
      ...extensions.flatMap(({ entity: extension }) =>
        fieldsOf(extension).map((field) => ({
          ...field,
          name: `${extension.extension!.as}.${field.name}`,
          readOnly: true,
        })),
      ),
      {
        name: 'createdAt',
        kind: 'timestamp',
        required: true,
        sortable: true,
        filterable: true,
        readOnly: true,
      },
    ],
  }
}

function fieldsOf(entity: AnyEntity): FieldDescription[] {
  return Object.entries(entity.columns).flatMap(([name, { spec }]): FieldDescription[] => {
    if (spec.kind === 'secret') return []
    const values = spec.kind === 'enum' ? (spec.schema as { options?: readonly string[] }).options : undefined
    const help = spec.description
    return [
      {
        name,
        kind: spec.unit ?? spec.kind,
        required: !spec.nullable && spec.default === undefined,
        sortable: spec.sortable,
        filterable: spec.filterable,
        ...(values ? { values } : {}),
        ...(help === undefined ? {} : { help }),
        ...(spec.reference ? { to: spec.reference.target().name } : {}),
      },
    ]
  })
}
