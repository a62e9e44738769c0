import type { AnyEntity, RegisteredEntity } from '@clientele/core'
import * as z from 'zod'
import type { EntityRoutes } from './entity-routes.ts'
import type { Manifest } from './manifest.schema.ts'

// What each part means stands with those who read it: `Field` and `EntityDescription` of the SDK.
type EntityDescription = Manifest['entities'][string]
type FieldDescription = EntityDescription['fields'][number]

/** What lists, details and forms of an entity need to know. */
export function describeEntity(
  { entity, softDelete }: RegisteredEntity,
  { path, extensions, allowed }: EntityRoutes,
): EntityDescription {
  return {
    name: entity.name,
    path,
    label: entity.options.label ?? 'id',
    ...(entity.options.description === undefined ? {} : { help: entity.options.description }),
    searchable: Object.values(entity.columns).some(({ spec }) => spec.searchable),
    writable: allowed.includes('create') || allowed.includes('update'),
    undo: softDelete && allowed.includes('restore'),
    routes: allowed,
    fields: [
      ...fieldsOf(entity),
      ...extensions.flatMap((extension) =>
        fieldsOf(extension).map((field) => ({
          ...field,
          name: `${extension.extension?.as ?? extension.name}.${field.name}`,
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
        ...(spec.nullable ? { nullable: true } : {}),
        ...(values ? { values } : {}),
        ...(help === undefined ? {} : { help }),
        ...(spec.reference ? { to: spec.reference.target().name } : {}),
        ...(spec.kind === 'text' || spec.kind === 'json' ? shapeOf(spec.schema) : {}),
      },
    ]
  })
}

const shapes = new WeakMap<z.ZodType, Pick<FieldDescription, 'maxLength' | 'format' | 'items'>>()

/** What the column's schema says about its form. */
function shapeOf(schema: z.ZodType): Pick<FieldDescription, 'maxLength' | 'format' | 'items'> {
  const known = shapes.get(schema)
  if (known) return known
  const { maxLength, format, items } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const type = typeof items === 'object' && !Array.isArray(items) ? items.type : undefined
  const shape = {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(format === undefined ? {} : { format }),
    ...(type === 'string' ? { items: 'string' as const } : {}),
    ...(type === 'number' || type === 'integer' ? { items: 'number' as const } : {}),
  }
  shapes.set(schema, shape)
  return shape
}
