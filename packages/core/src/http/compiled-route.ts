import type * as z from 'zod'
import { coreErrors } from '../errors/core.errors.ts'
import { keyUseOf, type KeyUse } from '../idempotency/key-use.ts'
import type { RegisteredRoute } from '../plugin/registry.ts'
import { DEFAULT_MAX_BODY_BYTES } from './body.ts'
import { isExact } from './exact-answers.ts'
import { issuesOf, type Issue } from './issues.ts'
import { decodeText } from './query-string.ts'
import { pickerOf, type Picker } from './response-picker.ts'
import type { Route } from './route.ts'
import { paramNames } from './router.ts'

type Part = 'params' | 'query' | 'body'

/** A route with everything worked out once that each request needs. */
export interface CompiledRoute {
  /** `plugin.route`: names the route in logs and in OpenAPI. */
  readonly id: string
  readonly pluginId: string
  readonly route: Route
  readonly permission: string
  readonly scope: 'tenant' | 'instance'
  readonly schemes: ReadonlySet<string> | null
  readonly maxBodyBytes: number
  readonly status: number
  readonly keyUse: KeyUse
  /** The matched segments as an object of the route's schema. @throws `http.invalid_request` */
  params(segments: readonly string[]): unknown
  /** Validates one part. @throws `http.invalid_request` naming every wrong field. */
  parse(part: Part, value: unknown): unknown
  /** What may leave. @throws ZodError in strict mode when the handler's answer is not what the route promises. */
  readonly strip: Picker
}

/**
 * @param options.strict validates answers in full instead of only stripping them; for development and tests.
 */
export function compileRoute(
  registered: RegisteredRoute,
  options: { readonly strict: boolean },
): CompiledRoute {
  const { route, pluginId, name } = registered
  const { definition } = route
  const parsers: Record<Part, (value: unknown) => unknown> = {
    params: partParser('params', definition.params),
    query: queryParser(definition.query),
    body: partParser('body', refuseUnknown(definition.body)),
  }
  const names = paramNames(definition.path)
  const response: z.ZodType | undefined = definition.response
  return {
    id: `${pluginId}.${name}`,
    pluginId,
    route,
    permission: definition.permission,
    scope: definition.scope ?? 'tenant',
    schemes: definition.schemes ? new Set(definition.schemes) : null,
    maxBodyBytes: definition.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    status: definition.status ?? (response ? 200 : 204),
    keyUse: keyUseOf(route),
    params: (segments) => parsers.params(namedParams(names, segments)),
    parse: (part, value) => parsers[part](value),
    strip: stripper(route, options.strict),
  }
}

function stripper(route: Route, strict: boolean): Picker {
  const response: z.ZodType | undefined = route.definition.response
  if (!response || (!strict && isExact(route))) return (value) => value
  return strict ? (value) => response.parse(value) : pickerOf(response)
}

function namedParams(names: readonly string[], segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  names.forEach((name, i) => {
    const segment = segments[i]!
    const value = segment.includes('%') ? decodeText(segment) : segment
    if (value === null) {
      throw invalid('params', [{ path: name, message: 'is not valid percent-encoding, or holds a NUL' }])
    }
    params[name] = value
  })
  return params
}

function partParser(part: Part, schema: z.ZodType | undefined): (value: unknown) => unknown {
  if (!schema) return () => undefined
  return (value) => {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    throw invalid(part, issuesOf(result.error))
  }
}

function queryParser(schema: z.ZodType | undefined): (value: unknown) => unknown {
  const parse = partParser('query', refuseUnknown(schema))
  const lists = arrayFields(schema)
  return (value) => {
    const query = (value ?? {}) as Record<string, unknown>
    const issues: Issue[] = []
    let lifted: Record<string, unknown> | null = null
    for (const name of Object.keys(query)) {
      if (!schema)
        issues.push({ path: name.slice(0, 100), message: 'is not a known parameter: this path has none' })
      else if (!Array.isArray(query[name])) {
        if (lists.has(name)) lifted = { ...(lifted ?? query), [name]: [query[name]] }
      } else if (!lists.has(name) && !('list' in schema)) {
        issues.push({ path: name.slice(0, 100), message: 'is given more than once' })
      }
    }
    if (issues.length > 0) throw invalid('query', issues.slice(0, 20))
    return parse(lifted ?? query)
  }
}

interface ObjectDef {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: unknown
  readonly innerType?: z.ZodType
}

/** Objects that say nothing about other keys refuse them, so that a typing mistake is seen. */
function refuseUnknown(schema: z.ZodType | undefined): z.ZodType | undefined {
  const def = schema?.def as unknown as ObjectDef | undefined
  return def?.type === 'object' && def.catchall === undefined ? (schema as z.ZodObject).strict() : schema
}

function arrayFields(schema: z.ZodType | undefined): ReadonlySet<string> {
  const { shape } = (schema?.def ?? {}) as unknown as ObjectDef
  return new Set(Object.entries(shape ?? {}).flatMap(([name, field]) => (isArray(field) ? [name] : [])))
}

function isArray(schema: z.ZodType): boolean {
  const { type, innerType } = schema.def as unknown as ObjectDef
  return type === 'array' || (innerType !== undefined && isArray(innerType))
}

function invalid(part: Part, issues: readonly Issue[]): Error {
  return coreErrors['http.invalid_request']({ part, issues })
}
