import * as z from 'zod'
import type { Registry } from '../plugin/registry.ts'
import { isSurelyJsonSchema, type Io } from './json-schema-able.ts'
import type { ListQuerySchema } from './list-query.ts'
import type { Route } from './route.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Schemas shared by name, and the way to describe any other one. */
export interface NamedSchemas {
  /** Name → schema, for `components.schemas`. */
  readonly components: Readonly<Record<string, JsonSchema>>
  /** A schema as callers send it; a reference when it has a name. */
  input(schema: z.ZodType): JsonSchema
  /** A schema as answers carry it. */
  output(schema: z.ZodType): JsonSchema
}

const PREFIX = '#/components/schemas/'

/** Names the row, insert and patch schemas of every entity: `CustomersRow`, `CustomersInsert`, `CustomersPatch`. */
export function nameSchemas(registry: Pick<Registry, 'entities' | 'routes'>): NamedSchemas {
  const inputs = new Generator('input')
  const outputs = new Generator('output')
  for (const { entity } of registry.entities.values()) {
    const name = `${entity.name[0]!.toUpperCase()}${entity.name.slice(1)}`
    outputs.name(entity.row, `${name}Row`)
    inputs.name(entity.insert, `${name}Insert`)
    inputs.name(entity.patch, `${name}Patch`)
  }
  for (const { pluginId, name, route } of registry.routes) {
    for (const [part, schema] of partsOf(route)) {
      const generator = part === 'response' ? outputs : inputs
      generator.add(schema, `${pluginId}.${name}.${part}`)
    }
  }
  const [asInput, asOutput] = [inputs.run(), outputs.run()]
  return {
    components: { ...asOutput.components, ...asInput.components },
    input: asInput.describe,
    output: asOutput.describe,
  }
}

/** Why a route's schemas cannot be said in JSON Schema; empty when they can. */
export function schemaProblems(route: Route): string[] {
  return partsOf(route).flatMap(([part, schema]) => {
    const reason = whyNot(schema, part === 'response' ? 'output' : 'input')
    return reason === null
      ? []
      : [`OpenAPI cannot say its ${part}: ${reason}; use strings, numbers, objects and arrays`]
  })
}

export function isListQuery(schema: z.ZodType): schema is ListQuerySchema {
  return 'list' in schema
}

const checked: Readonly<Record<Io, WeakMap<z.ZodType, { readonly reason: string | null }>>> = {
  input: new WeakMap(),
  output: new WeakMap(),
}

/** Entities and pages are used by many routes and instances; each is looked at once. */
function whyNot(schema: z.ZodType, io: Io): string | null {
  if (isSurelyJsonSchema(schema, io)) return null
  const known = checked[io].get(schema)
  if (known) return known.reason
  let reason: string | null = null
  try {
    z.toJSONSchema(schema, { target: 'draft-2020-12', io })
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  checked[io].set(schema, { reason })
  return reason
}

type Part = 'params' | 'query' | 'body' | 'response'

/** The schemas of a route; lists describe themselves. */
function partsOf({
  definition: { params, query, body, response },
}: Route): readonly (readonly [Part, z.ZodType])[] {
  const parts: readonly (readonly [Part, z.ZodType | undefined])[] = [
    ['params', params],
    ['query', query],
    ['body', body],
    ['response', response],
  ]
  return parts.flatMap(([part, schema]) => (schema && !isListQuery(schema) ? [[part, schema] as const] : []))
}

/** One conversion of many schemas, so that named ones are referred to wherever they appear. */
class Generator {
  readonly #io: Io
  readonly #registry = z.registry<{ id: string }>()
  readonly #ids = new Map<z.ZodType, string>()
  readonly #named = new Set<string>()

  constructor(io: Io) {
    this.#io = io
  }

  name(schema: z.ZodType, id: string): void {
    if (this.#ids.has(schema)) return
    this.#named.add(id)
    this.#register(schema, id)
  }

  add(schema: z.ZodType, id: string): void {
    if (!this.#ids.has(schema)) this.#register(schema, id)
  }

  run(): {
    readonly components: Record<string, JsonSchema>
    readonly describe: (schema: z.ZodType) => JsonSchema
  } {
    const { schemas } = z.toJSONSchema(this.#registry, { ...this.#options(), uri: (id) => PREFIX + id })
    const all = new Map(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]))
    const { $defs = {} } = (schemas as Record<string, { $defs?: Record<string, object> }>)['__shared'] ?? {}
    const components: Record<string, JsonSchema> = {}
    for (const [id, schema] of Object.entries($defs)) components[id] = plain(schema)
    const referred = new Set([...all.values(), ...Object.values(components)].flatMap(references))
    for (const [id, schema] of all) {
      if (id !== '__shared' && (this.#named.has(id) || referred.has(id))) components[id] = schema
    }
    return {
      components,
      describe: (schema) => {
        const id = this.#ids.get(schema)
        if (id === undefined) return plain(z.toJSONSchema(schema, this.#options()))
        return id in components ? { $ref: PREFIX + id } : all.get(id)!
      },
    }
  }

  #options(): z.core.ToJSONSchemaParams {
    return {
      target: 'draft-2020-12',
      io: this.#io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        // The pattern behind a format is noise to a reader.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      },
    }
  }

  #register(schema: z.ZodType, id: string): void {
    this.#ids.set(schema, id)
    this.#registry.add(schema, { id })
  }
}

/** As it stands inside a document: without its own identity, shared parts beside the named ones. */
function plain(schema: object): JsonSchema {
  const text = JSON.stringify(schema).replaceAll(`${PREFIX}__shared#/$defs/`, PREFIX)
  const described = JSON.parse(text) as Record<string, unknown>
  for (const own of ['$schema', '$id', 'id', '$defs']) delete described[own]
  return described
}

function references(schema: JsonSchema): string[] {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1]!,
  )
}
