import type { Shop } from './shop.ts'

// `any`: JSON schemas are read field by field.
export type JsonSchema = any

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

/** A route as the API's own document describes it: what is not in there cannot be forgotten here. */
export interface Operation {
  readonly route: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** The schema of its body with all references followed; undefined when it takes none. */
  readonly body?: JsonSchema
}

/** Accounts of people and the work of operators are of no tenant: `tools/people` walks through them. */
const OF_NO_TENANT = /^\/api\/(?:auth|v1\/operator)\//

/** Every route of the shop that is of a tenant: reads first, then writes, removals, restorations, erasures. */
export function operationsOf({ test }: Shop): readonly Operation[] {
  return allOperations(test)
    .filter((one) => !isOfNoTenant(one))
    .toSorted((a, b) => turnOf(a) - turnOf(b))
}

export function isOfNoTenant({ path }: Operation): boolean {
  return OF_NO_TENANT.test(path)
}

interface Documented {
  readonly cdp: { openapi(): object }
}

/** Every route that the API's own document describes. */
export function allOperations(test: Documented): readonly Operation[] {
  const document: JsonSchema = test.cdp.openapi()
  return Object.entries<JsonSchema>(document.paths).flatMap(([path, methods]) =>
    Object.entries<JsonSchema>(methods).map(([method, one]): Operation => {
      const body = one.requestBody?.content['application/json']?.schema
      return {
        route: one.operationId,
        method: method.toUpperCase(),
        path,
        parameters: one.parameters ?? [],
        ...(body === undefined ? {} : { body: resolved(document, body) }),
      }
    }),
  )
}

function turnOf({ method, path }: Operation): number {
  if (method === 'GET') return 0
  if (method === 'DELETE') return 2
  // Whoever is erased is gone for every other route.
  if (path.endsWith('/erase')) return 4
  return path.endsWith('/restore') ? 3 : 1
}

function resolved(document: JsonSchema, schema: JsonSchema): JsonSchema {
  if (typeof schema?.$ref !== 'string') return schema
  return resolved(document, document.components.schemas[schema.$ref.split('/').at(-1)!])
}
