import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity, type AnyEntity } from '../entity/entity.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { crudRoutes } from './crud.ts'
import { listQuery } from './list-protocol.ts'
import { openapiDocument, openapiProblems } from './openapi.ts'
import { pageOf } from './page.ts'
import { reply, route, type Route } from './route.ts'
import { headerAuthenticator, registryOf } from './test-pipeline.fixture.ts'

const Note = defineEntity('notes', {
  title: col.text(z.string().min(1)).filterable().sortable().describe('What it is about'),
  kind: col.enum(['memo', 'task']).default('memo').filterable(),
  price: col.money().nullable().filterable(),
  data: col.json(z.record(z.string(), z.json())).default({}),
})
const Score = extendEntity(
  Note,
  'noteScores',
  { score: col.real().default(0).filterable() },
  { as: 'metrics' },
)

interface Tree {
  children: Tree[]
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(tree) }))

const routes: Record<string, Route> = {
  ...crudRoutes(Note, {
    path: '/api/v1/notes',
    read: 'notes:read',
    write: 'notes:write',
    extensions: [Score],
  }),
  search: route.get({
    path: '/api/v1/note-search',
    permission: 'notes:read',
    summary: 'Searches',
    query: listQuery(Note, { extra: z.object({ mine: z.stringbool().optional().describe('Only mine') }) }),
    response: pageOf(Note.row),
    handler: ({ query }, ctx) => ctx.repo(Note).list(query),
  }),
  grow: route.post({
    path: '/api/v1/trees',
    permission: 'public',
    summary: 'Grows a tree',
    body: tree,
    response: z.discriminatedUnion('type', [
      z.object({ type: z.literal('tree'), tree }),
      z.object({ type: z.literal('pair'), pair: z.tuple([z.string(), z.number()]) }),
    ]),
    handler: ({ body }) => ({ type: 'tree' as const, tree: body }),
  }),
  download: route.get({
    path: '/api/v1/export',
    permission: 'authenticated',
    summary: 'Exports',
    schemes: ['header'],
    produces: 'text/csv',
    handler: () => reply<never>(null),
  }),
}
const entities = new Map(
  [Note, Score].map((entity: AnyEntity) => [entity.name, { entity } as RegisteredEntity]),
)
const document = openapiDocument(registryOf(routes, entities), {
  api: { title: 'Notes', version: '2.0.0' },
  authenticators: [headerAuthenticator],
}) as any

test('derived routes are summed up in plain words', () => {
  const summaries = Object.values(document.paths).flatMap((path: any) =>
    Object.values(path).map((operation: any) => operation.summary),
  )
  expect(summaries).toEqual(
    expect.arrayContaining([
      'List notes',
      'Create a note',
      'Read a note',
      'Change a note',
      'Replace a note',
      'Remove a note',
    ]),
  )
})

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test('every reference leads somewhere', () => {
  const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1]!,
  )
  expect(names.length).toBeGreaterThan(5)
  for (const name of names) expect(Object.keys(document.components.schemas)).toContain(name)
})

test('an operation carries its id, permission, security and named schemas', () => {
  const create = document.paths['/api/v1/notes'].post
  expect(create).toMatchObject({
    operationId: 'notes.create',
    'x-permission': 'notes:write',
    security: [{ header: [] }],
    tags: ['notes'],
    requestBody: {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/NotesInsert' } } },
    },
  })
  expect(create.responses['201'].content['application/json'].schema.$ref).toBe(
    '#/components/schemas/NotesRow',
  )
  expect(create.responses['400'].content['application/problem+json']).toBeDefined()
  expect(document.paths['/api/v1/trees'].post.security).toEqual([])
  expect(document.components.securitySchemes.header).toEqual(headerAuthenticator.scheme)
})

test('what has a default is optional in what is sent and required in what comes back', () => {
  const { NotesInsert, NotesRow } = document.components.schemas
  expect(NotesInsert.required).toEqual(['title'])
  expect(NotesInsert.additionalProperties).toBe(false)
  expect(NotesRow.required).toContain('kind')
})

test('a list names its filters with their operators and types', () => {
  const list = document.paths['/api/v1/notes'].get.parameters as { name: string; schema: object }[]
  const names = list.map((parameter) => parameter.name)
  expect(names).toContain('title.contains')
  expect(names).toContain('metrics.score.gte')
  expect(names).toContain('price.isNull')
  expect(names).not.toContain('data')
  expect(list.find(({ name }) => name === 'kind')?.schema).toMatchObject({ enum: ['memo', 'task'] })
  const search = document.paths['/api/v1/note-search'].get.parameters as {
    name: string
    description: string
  }[]
  expect(search.find(({ name }) => name === 'mine')?.description).toBe('Only mine')
})

test('path parameters are written as OpenAPI writes them', () => {
  const [id] = document.paths['/api/v1/notes/{id}'].get.parameters
  expect(id).toMatchObject({ name: 'id', in: 'path', required: true })
})

const odd = (part: object, path: `/${string}` = '/x'): string[] => {
  const plain = route.get({ path, permission: 'public', summary: 'x', handler: () => undefined })
  const made = { ...plain, definition: { ...plain.definition, ...part } } as Route
  return openapiProblems(registryOf({ odd: made }))
}

test('a schema that JSON Schema cannot say is found with its route and part', () => {
  const impossible = [
    z.date(),
    z.bigint(),
    z.map(z.string(), z.string()),
    z.object({ a: z.array(z.date()) }),
    z.undefined(),
    z.object({ a: z.union([z.string(), z.set(z.string())]) }),
    z.tuple([z.string()], z.symbol()),
    z.record(z.string(), z.literal([undefined, 1n as never])),
    z.string().pipe(z.transform(String)),
    z.custom<string>(),
    z.string().catch(({ input }) => String(input)),
    z.looseObject({}).catchall(z.nan()),
  ]
  for (const response of impossible) {
    expect(odd({ response })[0]).toMatch(/^plugin "notes": route "odd": OpenAPI cannot say its response: /)
  }
  expect(odd({ response: z.string().transform(Number) })).toHaveLength(1)
  expect(odd({ body: z.string().transform(Number) })).toEqual([])
  expect(odd({ query: z.object({ at: z.date() }) })[0]).toContain('its query')
  expect(openapiProblems(registryOf(routes))).toEqual([])
})

test('a path that does not fit its parameters is found', () => {
  expect(odd({}, '/notes/:id')[0]).toContain('the path has :id, its params schema has not')
  expect(odd({ params: z.object({ id: z.string(), x: z.string() }) }, '/notes/:id')[0]).toContain('has "x"')
  expect(odd({}, '/notes//x')[0]).toContain('is not one of segments')
  expect(odd({}, '/notes/*all')[0]).toContain('is not one of segments')
})
