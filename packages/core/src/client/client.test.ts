import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createClient, type ClientOptions } from './client.ts'
import { answering, events, hangUp, json, problem } from './server.fixture.ts'

interface App {
  as(): {
    readonly api: {
      readonly notes: {
        list(input?: { readonly query?: object }): Promise<{ readonly items: readonly unknown[] }>
        get(input: { readonly params: { readonly id: string } }): Promise<{ readonly id: string }>
        create(input: { readonly body: object }): Promise<{ readonly id: string }>
        evaluate(input?: object): Promise<object>
        replace(input: { readonly params: { readonly id: string }; readonly body: object }): Promise<object>
        remove(input: { readonly params: { readonly id: string } }): Promise<void>
        upload(input?: { readonly query?: object }): Promise<{ readonly id: string }>
        download(input: { readonly params: { readonly id: string } }): Promise<AsyncIterable<Uint8Array>>
      }
    }
  }
}

const routes = {
  notes: {
    list: 'GET /api/v1/notes',
    get: 'GET /api/v1/notes/:id',
    create: 'POST /api/v1/notes once',
    evaluate: 'POST /api/v1/notes/evaluation',
    replace: 'PUT /api/v1/notes/:id once',
    remove: 'DELETE /api/v1/notes/:id once',
    upload: 'POST /api/v1/files once',
    download: 'GET /api/v1/files/:id/content stream',
  },
  core: { live: 'GET /api/v1/live stream' },
}
const clientOf = (baseUrl: string, more: Partial<ClientOptions> = {}): ReturnType<typeof createClient<App>> =>
  createClient<App>({ baseUrl, routes, ...more })
const NOW = { 'retry-after': '0' }

test('the routes are asked for once, with the first call', async () => {
  const { baseUrl, seen } = await answering(json(200, routes), json(200, { items: [] }))
  const { api } = createClient<App>({ baseUrl })
  await Promise.all([api.notes.list(), api.notes.list()])
  await api.notes.list()
  expect(seen.map(({ url }) => url)).toEqual(['/client.json', ...Array<string>(3).fill('/api/v1/notes')])
})

test('a base address may end in a slash', async () => {
  const { baseUrl, seen } = await answering(json(200, routes), json(200, { items: [] }))
  await createClient<App>({ baseUrl: `${baseUrl}/` }).api.notes.list()
  expect(seen.map(({ url }) => url)).toEqual(['/client.json', '/api/v1/notes'])
})

test('a server that did not know its routes at first is asked again', async () => {
  const { baseUrl } = await answering(
    problem(500, 'http.internal'),
    json(200, routes),
    json(200, { items: [] }),
  )
  const { api } = createClient<App>({ baseUrl })
  await expect(api.notes.list()).rejects.toMatchObject({ code: 'http.internal' })
  expect(await api.notes.list()).toEqual({ items: [] })
})

test('paths are encoded, lists are repeated, dates are instants, undefined is left out', async () => {
  const { baseUrl, seen } = await answering(json(200, {}))
  const { api } = clientOf(baseUrl, { tenantId: 'a/b' })
  await api.notes.get({ params: { id: 'x/../y?' } })
  const when = new Date('2026-01-02T03:04:05Z')
  await api.notes.list({ query: { 'tag.in': ['a', 'b&c'], 'at.gte': when, n: 1, no: undefined, yes: true } })
  expect(seen.map(({ url }) => url)).toEqual([
    '/api/v1/tenants/a%2Fb/notes/x%2F..%2Fy%3F',
    '/api/v1/tenants/a%2Fb/notes?tag.in=a&tag.in=b%26c&at.gte=2026-01-02T03%3A04%3A05.000Z&n=1&yes=true',
  ])
})

test.each(['', '.', '..', undefined])(
  '%j is no path parameter: the call would reach another path',
  async (id) => {
    const { baseUrl, seen } = await answering(json(200, {}))
    const call = clientOf(baseUrl).api.notes.remove({ params: { id: id as string } })
    await expect(call).rejects.toMatchObject({ name: 'ClientError', code: 'client.invalid_param', status: 0 })
    expect(seen).toEqual([])
  },
)

test('a body is JSON, a version is If-Match, nothing is undefined', async () => {
  const { baseUrl, seen } = await answering(json(200, { id: '7' }), (response) =>
    response.writeHead(204).end(),
  )
  const { api } = clientOf(baseUrl, { token: async () => 't', headers: { 'x-a': 'client', 'x-b': 'client' } })
  await api.notes.replace(
    { params: { id: '7' }, body: { text: 'São' } },
    { ifMatch: 3, headers: { 'x-b': 'call' } },
  )
  expect(await api.notes.remove({ params: { id: '7' } })).toBeUndefined()
  expect(seen[0]).toMatchObject({
    method: 'PUT',
    body: '{"text":"São"}',
    headers: {
      'content-type': 'application/json',
      'if-match': '"3"',
      authorization: 'Bearer t',
      'x-a': 'client',
      'x-b': 'call',
    },
  })
  expect(seen[1]!.headers).not.toHaveProperty('content-type')
})

test('a problem is an error with everything it says', async () => {
  const { baseUrl } = await answering(
    json(412, {
      status: 412,
      code: 'entity.stale_version',
      detail: 'You saw version 3',
      params: { issues: [{ path: 'a', message: 'b' }] },
      instance: 'r-7',
      current: { version: 4 },
    }),
  )
  const error = await clientOf(baseUrl)
    .api.notes.list()
    .catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    name: 'ClientError',
    message: 'You saw version 3',
    status: 412,
    code: 'entity.stale_version',
    detail: 'You saw version 3',
    issues: [{ path: 'a', message: 'b' }],
    requestId: 'r-7',
    current: { version: 4 },
  })
})

test.each([
  [502, 'text/html', '<h1>Bad gateway</h1>', /answered 502/],
  [200, 'text/html', '<h1>Home</h1>', /answered no JSON/],
])('an answer %d of %s is not taken for one of the API', async (status, type, body, message) => {
  const { baseUrl } = await answering((response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  )
  await expect(clientOf(baseUrl).api.notes.list()).rejects.toMatchObject({
    code: 'client.unexpected_answer',
    status,
    message: expect.stringMatching(message),
  })
})

test('a route that the server does not have is named', async () => {
  const { baseUrl } = await answering(json(200, {}))
  const { api } = createClient<App>({ baseUrl })
  await expect(api.notes.list()).rejects.toThrow(
    `Cannot call notes.list: the server at ${baseUrl} has no such route`,
  )
  await expect((api as any).constructor.name()).rejects.toMatchObject({ code: 'client.unknown_route' })
})

test.each([
  ['a broken connection', hangUp],
  ['429', problem(429, 'http.rate_limited', NOW)],
  ['503', problem(503, 'storage.busy', NOW)],
  ['a key in flight', problem(409, 'http.idempotency_in_flight', NOW)],
] as const)('a read is repeated after %s', async (_, failure) => {
  const { baseUrl, seen } = await answering(failure, failure, json(200, { items: [1] }))
  expect(await clientOf(baseUrl).api.notes.list()).toEqual({ items: [1] })
  expect(seen).toHaveLength(3)
})

test('a create is repeated under one key, which no two creates share', async () => {
  const { baseUrl, seen } = await answering(problem(503, 'storage.busy', NOW), hangUp, json(201, { id: '7' }))
  const { api } = clientOf(baseUrl)
  expect(await api.notes.create({ body: {} })).toEqual({ id: '7' })
  await api.notes.create({ body: {} })
  const keys = seen.map(({ headers }) => headers['idempotency-key'])
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]])
  expect(keys[3]).not.toBe(keys[0])
})

test('what must not be done twice is sent once: writes without a key, and streams', async () => {
  const { baseUrl, seen } = await answering(problem(503, 'storage.busy', NOW))
  const { api } = clientOf(baseUrl)
  const calls = [
    () => api.notes.create({ body: {} }, { idempotencyKey: false }),
    () => clientOf(baseUrl, { idempotency: false }).api.notes.create({ body: {} }),
    () => api.notes.remove({ params: { id: '7' } }),
    // The server does not honour keys there.
    () => api.notes.evaluate(),
    () => api.notes.evaluate({}, { idempotencyKey: 'k' }),
    () =>
      api.notes.upload(
        {},
        { body: Readable.toWeb(Readable.from(['a'])) as ReadableStream, idempotencyKey: 'k' },
      ),
    () => clientOf(baseUrl, { retries: 0 }).api.notes.list(),
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ status: 503 })
  expect(seen).toHaveLength(calls.length)
  await expect(api.notes.create({ body: {} }, { idempotencyKey: 'mine' })).rejects.toThrow('storage.busy')
  expect(seen.slice(calls.length).map(({ headers }) => headers['idempotency-key'])).toEqual([
    'mine',
    'mine',
    'mine',
  ])
})

test.each([
  ['a refusal', problem(409, 'entity.conflict')],
  ['a longer wait than a caller would', problem(429, 'http.rate_limited', { 'retry-after': '3600' })],
] as const)('%s is told at once', async (_, failure) => {
  const { baseUrl, seen } = await answering(failure)
  await expect(clientOf(baseUrl).api.notes.list()).rejects.toThrow()
  expect(seen).toHaveLength(1)
})

test('no answer at all is an error with its cause', async () => {
  const { baseUrl } = await answering(hangUp)
  const error = clientOf(baseUrl, { retries: 0 }).api.notes.list()
  await expect(error).rejects.toMatchObject({ code: 'client.network', status: 0, cause: expect.any(Error) })
})

test('a signal ends a call, also while it waits for its next try', async () => {
  const ended = new AbortController()
  const { baseUrl, seen } = await answering((response) => {
    problem(503, 'storage.busy', { 'retry-after': '29' })(response)
    setTimeout(() => ended.abort(new Error('enough')), 50)
  })
  await expect(clientOf(baseUrl).api.notes.list({}, { signal: ended.signal })).rejects.toThrow('enough')
  await expect(clientOf(baseUrl).api.notes.list({}, { signal: ended.signal })).rejects.toThrow('enough')
  expect(seen).toHaveLength(1)
})

test('a raw body goes as it is, a streamed answer comes as it is', async () => {
  const { baseUrl, seen } = await answering(json(201, { id: '7' }), (response) => response.end('a,b\n1,2\n'))
  const { api } = clientOf(baseUrl)
  await api.notes.upload({ query: { name: 'a.csv' } }, { body: new Blob(['a,b'], { type: 'text/csv' }) })
  expect(seen[0]).toMatchObject({
    url: '/api/v1/files?name=a.csv',
    body: 'a,b',
    headers: { 'content-type': 'text/csv' },
  })
  const response = await api.notes.download({ params: { id: '7' } })
  expect(await response.text()).toBe('a,b\n1,2\n')
})

const hello = 'id: 1\nevent: hello\ndata: {"entities":["notes"],"jobs":false}'
const change = (id: number): string => `id: ${id}\nevent: change\ndata: {"entity":"notes","count":${id}}`

test('live updates go on where the connection broke, also when only the position had moved', async () => {
  const { baseUrl, seen } = await answering(
    events(': sign of life', hello, change(2), 'id: 5'),
    hangUp,
    events(change(6), 'event: job\ndata: {"id":"j"}'),
  )
  const types: string[] = []
  for await (const event of clientOf(baseUrl).live({ entities: ['notes', 'tags'], jobs: true })) {
    types.push(`${event.type} ${'id' in event ? event.id : '-'}`)
    if (event.type === 'job') break
  }
  expect(types).toEqual(['hello 1', 'change 2', 'change 6', 'job -'])
  expect(seen[0]).toMatchObject({ url: '/api/v1/live?entities=notes%2Ctags&jobs=true' })
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([
    undefined,
    ...seen.slice(1).map(() => '5'),
  ])
})

test('live updates split in the middle of a letter are put together', async () => {
  const bytes = Buffer.from(`event: change\ndata: {"entity":"São"}\n\n`)
  const { baseUrl } = await answering((response) => {
    const middle = bytes.indexOf(0xc3) + 1
    response.write(bytes.subarray(0, middle))
    setTimeout(() => response.end(bytes.subarray(middle)), 20)
  })
  for await (const event of clientOf(baseUrl).live()) {
    expect(event).toEqual({ type: 'change', data: { entity: 'São' } })
    break
  }
})

test('live updates end with their signal, and with a refusal', async () => {
  const ended = new AbortController()
  const open = await answering((response) => void response.writeHead(200).write(`${hello}\n\n`))
  for await (const _ of clientOf(open.baseUrl).live({ signal: ended.signal })) ended.abort()
  const { baseUrl, seen } = await answering(problem(403, 'http.forbidden'))
  await expect(clientOf(baseUrl).live().next()).rejects.toMatchObject({ code: 'http.forbidden' })
  expect(seen).toHaveLength(1)
})
