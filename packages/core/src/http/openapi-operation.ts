import type * as z from 'zod'
import { honoursIdempotencyKey } from '../idempotency/key-use.ts'
import type { RegisteredRoute } from '../plugin/registry.ts'
import type { Authenticator } from './authenticator.ts'
import { listParameters } from './openapi-list.ts'
import { isListQuery, type JsonSchema, type NamedSchemas } from './openapi-schemas.ts'

type Operation = JsonSchema

/** One route as an OpenAPI operation. */
export function describeOperation(
  { pluginId, name, route }: RegisteredRoute,
  schemas: NamedSchemas,
  authenticators: readonly Authenticator[],
): Operation {
  const { definition, method } = route
  const { permission, summary, description, tags = [pluginId] } = definition
  const parameters = [
    ...parametersOf('path', definition.params, schemas),
    ...queryParameters(definition.query, schemas),
    ...preconditions(method, definition.params),
    ...(honoursIdempotencyKey(route) ? [IDEMPOTENCY_KEY] : []),
  ]
  return {
    operationId: `${pluginId}.${name}`,
    summary,
    ...(description === undefined ? {} : { description }),
    tags,
    'x-permission': permission,
    security: securityOf(permission, definition.schemes, authenticators),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(definition.body
      ? { requestBody: { required: true, content: json(schemas.input(definition.body as z.ZodType)) } }
      : definition.consumes
        ? { requestBody: { required: true, content: { [definition.consumes]: { schema: binary } } } }
        : {}),
    responses: responsesOf(route, schemas),
  }
}

const binary: JsonSchema = { type: 'string', format: 'binary' }

/** RFC 9457, with our stable code. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'code', 'params', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'The constant name of the problem' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What could not be done, why, and the way out' },
    code: { type: 'string', description: 'Stable; programs branch on it' },
    params: { type: 'object', description: 'The values the detail was made from' },
    instance: { type: 'string', description: 'The id of the request, as in the log' },
    current: { description: 'The current row, with a 412' },
  },
}

function json(schema: JsonSchema): Operation {
  return { 'application/json': { schema } }
}

function parametersOf(
  where: 'path' | 'query',
  schema: z.ZodType | undefined,
  schemas: NamedSchemas,
): Operation[] {
  if (!schema) return []
  const { properties = {}, required = [] } = resolve(schemas.input(schema), schemas) as {
    properties?: Record<string, JsonSchema>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }))
}

function resolve(schema: JsonSchema, { components }: NamedSchemas): JsonSchema {
  const name = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1)! : null
  return name === null ? schema : (components[name] ?? schema)
}

function queryParameters(schema: z.ZodType | undefined, schemas: NamedSchemas): readonly object[] {
  return schema && isListQuery(schema)
    ? listParameters(schema, schemas)
    : parametersOf('query', schema, schemas)
}

function preconditions(method: string, params: unknown): Operation[] {
  if (params === undefined || method === 'post') return []
  const [name, description] =
    method === 'get'
      ? ['If-None-Match', 'The etag you have; 304 when it is still the current one']
      : ['If-Match', 'The etag you saw; 412 when the row has changed since']
  return [{ name, in: 'header', required: false, description, schema: { type: 'string' } }]
}

const IDEMPOTENCY_KEY: Operation = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A new one for each request, kept for its repetitions: it is carried out once, and answered the same',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

function securityOf(
  permission: string,
  schemes: readonly string[] | undefined,
  authenticators: readonly Authenticator[],
): readonly Readonly<Record<string, readonly string[]>>[] {
  if (permission === 'public') return []
  return authenticators
    .filter(({ name }) => schemes?.includes(name) ?? true)
    .map(({ name }) => ({ [name]: [] }))
}

function responsesOf(route: RegisteredRoute['route'], schemas: NamedSchemas): Operation {
  const { definition } = route
  const { response, produces, permission, params, query, body } = definition
  const status = definition.status ?? (response || produces ? 200 : 204)
  const content = produces
    ? { [produces]: { schema: { type: 'string' } } }
    : response && status !== 204
      ? json(schemas.output(response as z.ZodType))
      : undefined
  const isKeyed = honoursIdempotencyKey(route)
  const problems: readonly (readonly [string, string, boolean])[] = [
    ['400', 'What was sent is not valid; the fields are named', Boolean(params || query || body)],
    ['401', 'Not signed in', permission !== 'public'],
    ['403', 'Not allowed', permission !== 'public' && permission !== 'authenticated'],
    ['404', 'Not there', Boolean(params)],
    [
      '409',
      'Something else has it, or the first request with this Idempotency-Key is still running',
      isKeyed,
    ],
    ['429', 'Asked too often', definition.rateLimit !== undefined],
    ['422', 'A value cannot be, or another request had this Idempotency-Key', isKeyed],
  ]
  return {
    [status]: { description: 'Done', ...(content ? { content } : {}) },
    ...Object.fromEntries(
      problems.filter(([, , applies]) => applies).map(([code, text]) => [code, problem(text)]),
    ),
    default: problem('Any other problem'),
  }
}

function problem(description: string): Operation {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}
