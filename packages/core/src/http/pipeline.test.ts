import { expect, test } from 'vitest'
import * as z from 'zod'
import { ClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { reply, route } from './route.ts'
import { testPipeline } from './test-pipeline.fixture.ts'

const note = z.object({ id: z.string(), title: z.string(), version: z.number().optional() })
const noteBody = z.object({ title: z.string().min(1), tags: z.array(z.string()).optional() })

const get = route.get({
  path: '/api/v1/notes/:id',
  permission: 'notes:read',
  summary: 'One note',
  params: z.object({ id: z.string().max(20) }),
  query: z.object({ deep: z.enum(['yes', 'no']).optional(), tag: z.array(z.string()).optional() }),
  response: note,
  handler: ({ params }) =>
    ({ id: params.id, title: 'Hello', version: 3, secret: 'x' }) as z.input<typeof note>,
})
const create = route.post({
  path: '/api/v1/notes',
  permission: 'notes:write',
  summary: 'Creates a note',
  body: noteBody,
  response: note,
  status: 201,
  maxBodyBytes: 500,
  handler: ({ body }) => ({ id: '1', title: body.title }),
})

test('a route answers what its response schema names and nothing else, whether answers are validated or only stripped', async () => {
  for (const responses of ['validate', 'strip'] as const) {
    const { call } = testPipeline({ get }, { responses })
    const { status, json } = await call('GET', '/api/v1/notes/7')
    expect([status, json]).toEqual([200, { id: '7', title: 'Hello', version: 3 }])
  }
})

test('every answer carries a request id, forbids caching and guessing, and names its length', async () => {
  const { call } = testPipeline({ get })
  const { headers, body } = await call('GET', '/api/v1/notes/ä'.replace('ä', '%C3%A4'), {
    headers: { 'x-request-id': 'abc-1' },
  })
  expect(headers).toMatchObject({
    'x-request-id': 'abc-1',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': String(Buffer.byteLength(body as string)),
  })
  const strange = await call('GET', '/api/v1/notes/7', { headers: { 'x-request-id': 'a b"c' } })
  expect(strange.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
})

test('a body with several mistakes is refused with the path of each field', async () => {
  const { call } = testPipeline({ create })
  const { status, json, headers } = await call('POST', '/api/v1/notes', {
    json: { title: '', tags: [1], more: 1 },
  })
  expect(status).toBe(400)
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(json).toMatchObject({ code: 'http.invalid_request', status: 400, instance: headers['x-request-id'] })
  expect(json.params.issues.map((issue: { path: string }) => issue.path)).toEqual(['title', 'tags.0', 'more'])
})

test('a query parameter that a route does not know, or that is given twice, is refused by name', async () => {
  const { call } = testPipeline({ get })
  const unknown = await call('GET', '/api/v1/notes/7?depe=yes')
  expect([unknown.status, unknown.json.params.issues[0].path]).toEqual([400, 'depe'])
  const twice = await call('GET', '/api/v1/notes/7?deep=yes&deep=no')
  expect([twice.status, twice.json.params.issues[0].path]).toEqual([400, 'deep'])
  const list = await call('GET', '/api/v1/notes/7?tag=a&tag=b')
  expect(list.status).toBe(200)
  const one = await call('GET', '/api/v1/notes/7?tag=a')
  expect(one.status).toBe(200)
})

test('permissions are denied by default: 401 for nobody, 403 for somebody who lacks them', async () => {
  const { call } = testPipeline({ get })
  expect((await call('GET', '/api/v1/notes/7', { anonymous: true })).json.code).toBe('http.unauthenticated')
  const lacking = await call('GET', '/api/v1/notes/7', {
    headers: { 'x-permissions': 'notes:write,other:*' },
  })
  expect([lacking.status, lacking.json.params.permission]).toEqual([403, 'notes:read'])
  const wildcard = await call('GET', '/api/v1/notes/7', { headers: { 'x-permissions': 'notes:*' } })
  expect(wildcard.status).toBe(200)
})

test('a public route serves nobody, an authenticated one anybody who signed in', async () => {
  const who = (permission: 'public' | 'authenticated', path: '/open' | '/mine') =>
    route.get({
      path,
      permission,
      summary: 'Who',
      response: z.object({ id: z.string() }),
      handler: (_, ctx) => ({ id: ctx.actor.id }),
    })
  const { call } = testPipeline({ open: who('public', '/open'), mine: who('authenticated', '/mine') })
  expect((await call('GET', '/open', { anonymous: true })).json).toEqual({ id: 'anonymous' })
  expect((await call('GET', '/mine', { anonymous: true })).status).toBe(401)
  expect((await call('GET', '/mine', { headers: { 'x-permissions': 'nothing:here' } })).json).toEqual({
    id: 'ann',
  })
})

const where = route.get({
  path: '/api/v1/where',
  permission: 'authenticated',
  summary: 'Which tenant',
  response: z.object({ tenantId: z.string() }),
  handler: (_, ctx) => ({ tenantId: ctx.tenantId }),
})

test('the credential decides the tenant, and the path only chooses among its tenants', async () => {
  const { call } = testPipeline({ where }, { mode: 'multi' })
  const headers = { 'x-tenants': 'acme,globex' }
  expect((await call('GET', '/api/v1/where', { headers })).json).toEqual({ tenantId: 'acme' })
  expect((await call('GET', '/api/v1/tenants/globex/where', { headers })).json).toEqual({
    tenantId: 'globex',
  })
  const foreign = await call('GET', '/api/v1/tenants/initech/where', { headers })
  expect([foreign.status, foreign.json.code]).toEqual([403, 'http.foreign_tenant'])
})

test('a credential for every tenant reaches each valid tenant id and no other text', async () => {
  const { call } = testPipeline({ where }, { mode: 'multi' })
  const headers = { 'x-tenants': '*' }
  expect((await call('GET', '/api/v1/tenants/acme/where', { headers })).json).toEqual({ tenantId: 'acme' })
  expect((await call('GET', '/api/v1/where', { headers })).json).toEqual({ tenantId: 'default' })
  for (const bad of ['*', 'ACME', '%61cme', 'a'.repeat(33), '-a']) {
    expect((await call('GET', `/api/v1/tenants/${bad}/where`, { headers })).status).toBe(403)
  }
})

test('in single mode there is one tenant', async () => {
  const { call } = testPipeline({ where })
  expect((await call('GET', '/api/v1/tenants/default/where')).json).toEqual({ tenantId: 'default' })
  expect((await call('GET', '/api/v1/tenants/acme/where', { headers: { 'x-tenants': '*' } })).status).toBe(
    403,
  )
  expect((await call('GET', '/api/v1/where', { headers: { 'x-tenants': 'acme' } })).status).toBe(403)
})

test('an unknown path is 404, a known one with another method 405 with the allowed ones', async () => {
  const { call } = testPipeline({ get, create })
  expect((await call('GET', '/nothing')).json).toMatchObject({ code: 'http.not_found', status: 404 })
  const wrong = await call('DELETE', '/api/v1/notes/7')
  expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS'])
  const options = await call('OPTIONS', '/api/v1/notes')
  expect([options.status, options.headers['allow'], options.body]).toEqual([204, 'OPTIONS, POST', null])
})

test('HEAD answers the headers of GET without its body', async () => {
  const { call } = testPipeline({ get })
  const full = await call('GET', '/api/v1/notes/7')
  const head = await call('HEAD', '/api/v1/notes/7')
  expect([head.status, head.body]).toEqual([200, null])
  expect(head.headers['content-length']).toBe(full.headers['content-length'])
})

test('the version of a row is its ETag, and a client that has it gets 304', async () => {
  const { call } = testPipeline({ get })
  expect((await call('GET', '/api/v1/notes/7')).headers['etag']).toBe('"3"')
  for (const tag of ['"3"', 'W/"3"', '"1", "3"', '*']) {
    const { status, body } = await call('GET', '/api/v1/notes/7', { headers: { 'if-none-match': tag } })
    expect([tag, status, body]).toEqual([tag, 304, null])
  }
  expect((await call('GET', '/api/v1/notes/7', { headers: { 'if-none-match': '"2"' } })).status).toBe(200)
})

test('an error of ours is a problem by its code; a stale version carries the current row, stripped', async () => {
  const stale = route.patch({
    path: '/api/v1/notes/:id',
    permission: 'notes:write',
    summary: 'Changes',
    params: z.object({ id: z.string() }),
    response: note,
    handler: ({ params }) => {
      const current = { id: params.id, title: 'Now', version: 4, secret: 'x' }
      throw coreErrors['entity.stale_version']({
        entity: 'notes',
        id: params.id,
        expected: 3,
        actual: 4,
        current,
      })
    },
  })
  const { call, errors } = testPipeline({ stale })
  const { status, json, body } = await call('PATCH', '/api/v1/notes/7')
  expect(status).toBe(412)
  expect(json.current).toEqual({ id: '7', title: 'Now', version: 4 })
  expect(json.params).toEqual({ entity: 'notes', id: '7', expected: 3, actual: 4 })
  expect(body).not.toContain('secret')
  expect(errors).toEqual([])
})

test('an error of somebody else is 500 without its words, and the log has them with the request id and route', async () => {
  const broken = route.get({
    path: '/broken',
    permission: 'public',
    summary: 'Breaks',
    response: note,
    handler: () => {
      throw new Error('password=hunter2 at /srv/app.js')
    },
  })
  const { call, errors } = testPipeline({ broken })
  const { status, json, body, headers } = await call('GET', '/broken')
  expect([status, json.code]).toEqual([500, 'http.internal'])
  expect(body).not.toMatch(/hunter2|app\.js|at /)
  expect(errors[0]).toMatchObject({ route: 'notes.broken', requestId: headers['x-request-id'] })
})

test('an answer that is not what the route promises fails loudly in development', async () => {
  const wrong = route.get({
    path: '/wrong',
    permission: 'public',
    summary: 'Wrong',
    response: note,
    handler: () => ({ id: 7, title: 'x' }) as never,
  })
  const { call, errors } = testPipeline({ wrong }, { responses: 'validate' })
  expect((await call('GET', '/wrong')).json.code).toBe('http.internal')
  expect(errors[0]).toMatchObject({ route: 'notes.wrong' })
})

test('a reply brings its own status and headers, and a route without a response is 204', async () => {
  const made = route.post({
    path: '/made',
    permission: 'public',
    summary: 'Made',
    response: note,
    handler: () => reply({ id: '1', title: 'x' }, { status: 201, headers: { Location: '/made/1' } }),
  })
  const gone = route.delete({
    path: '/made',
    permission: 'public',
    summary: 'Gone',
    handler: () => undefined,
  })
  const { call } = testPipeline({ made, gone })
  const created = await call('POST', '/made')
  expect([created.status, created.headers['location']]).toEqual([201, '/made/1'])
  const deleted = await call('DELETE', '/made')
  expect([deleted.status, deleted.body, deleted.headers['content-type']]).toEqual([204, null, undefined])
})

test('a header that would break the response is an error of the route, not of the server', async () => {
  const inject = route.get({
    path: '/inject',
    permission: 'public',
    summary: 'Injects',
    handler: () => reply<never>(null, { headers: { 'x-a': 'b\r\nset-cookie: c=d' } }),
  })
  const { call, errors } = testPipeline({ inject })
  expect((await call('GET', '/inject')).json.code).toBe('http.internal')
  expect(errors).toHaveLength(1)
})

test('a literal path wins over a parameter, and leaves methods it lacks to it', async () => {
  const lookup = route.post({
    path: '/api/v1/notes/lookup',
    permission: 'public',
    summary: 'Looks',
    handler: () => undefined,
  })
  const { call } = testPipeline({ get, lookup })
  expect((await call('POST', '/api/v1/notes/lookup')).status).toBe(204)
  expect((await call('GET', '/api/v1/notes/lookup')).json.id).toBe('lookup')
})

test.each([0, 42, 101, 999, Number.NaN, '200'])(
  'a handler that answers or fails with status %s is an internal error, not the end of the process',
  async (status) => {
    const of = (name: string, handler: () => never) =>
      route.get({
        path: `/api/v1/${name}`,
        permission: 'public',
        summary: 'A wrong status',
        response: note,
        handler,
      })
    const { call } = testPipeline({
      answers: of('answers', () => reply({ id: '1', title: '' }, { status: status as number }) as never),
      streams: of('streams', () => reply((async function* () {})(), { status: status as number }) as never),
      fails: of('fails', () => {
        throw new ClienteleError('Cannot', { code: 'notes.wrong', status: status as number, title: 'Wrong' })
      }),
    })
    for (const path of ['/api/v1/answers', '/api/v1/streams', '/api/v1/fails']) {
      expect(await call('GET', path)).toMatchObject({ status: 500, json: { code: 'http.internal' } })
    }
  },
)
