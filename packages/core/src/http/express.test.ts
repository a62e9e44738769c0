import { request as httpRequest, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { afterEach, expect, test } from 'vitest'
import * as z from 'zod'
import { expressRouter } from './express.ts'
import { reply, route } from './route.ts'
import { testPipeline } from './test-pipeline.fixture.ts'

const open: Server[] = []
afterEach(async () => {
  await Promise.all(
    open.splice(0).map((server) => new Promise((done) => server.close(done).closeAllConnections())),
  )
})

async function serve(compose: (app: Express) => void): Promise<string> {
  const app = express()
  compose(app)
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo = route.post({
  path: '/api/v1/echo',
  permission: 'public',
  summary: 'Echoes',
  body: z.object({ title: z.string() }),
  response: z.object({ title: z.string() }),
  maxBodyBytes: 1000,
  handler: ({ body }) => body,
})
const json = { 'content-type': 'application/json' }
const router = (routes: Parameters<typeof testPipeline>[0] = { echo }) =>
  expressRouter(testPipeline(routes).pipeline)
const post = (url: string, body: string, headers: Record<string, string> = json) =>
  fetch(`${url}/api/v1/echo`, { method: 'POST', headers, body })

test('it works without a body parser and behind every kind the host may have', async () => {
  const parsers = {
    none: [],
    json: [express.json()],
    raw: [express.raw({ type: '*/*' })],
    text: [express.text({ type: '*/*' })],
    urlencoded: [express.urlencoded()],
    both: [express.json(), express.urlencoded()],
  }
  for (const [name, before] of Object.entries(parsers)) {
    const url = await serve((app) => app.use(...before, router()))
    const good = await post(url, '{"title":"Hällo"}')
    expect([name, good.status, await good.json()]).toEqual([name, 200, { title: 'Hällo' }])
    const wrong = await post(url, '{"title":7}')
    expect([name, wrong.status]).toEqual([name, 400])
  }
})

test('a stream that somebody read and dropped is a 400 that says so, and never hangs', async () => {
  const url = await serve((app) => {
    app.use((req, _res, next) => void req.resume().on('end', next))
    app.use(router())
  })
  const response = await post(url, '{"title":"x"}')
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'http.invalid_request', params: { part: 'body' } })
})

test('mounted under a path it answers everything there, at the root it leaves the rest to the host', async () => {
  const below = await serve((app) => app.use('/cdp', router()))
  expect((await post(`${below}/cdp`, '{"title":"x"}')).status).toBe(200)
  const missing = await fetch(`${below}/cdp/nothing`)
  expect([missing.status, missing.headers.get('content-type')]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ])

  const root = await serve((app) => {
    app.use(router())
    app.get('/mine', (_req, res) => void res.send('host'))
  })
  expect(await (await fetch(`${root}/mine`)).text()).toBe('host')
  const ours = await fetch(`${root}/api/v1/nothing`)
  expect(await ours.json()).toMatchObject({ code: 'http.not_found' })
})

test('a body larger than the limit is refused, whether its length is announced or not', async () => {
  const url = await serve((app) => app.use(router()))
  const announced = await post(url, JSON.stringify({ title: 'x'.repeat(2000) }))
  expect([announced.status, await announced.json()]).toMatchObject([413, { code: 'http.body_too_large' }])
  const chunks = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(100).fill(32))
      controller.close()
    },
  })
  const init = { method: 'POST', headers: json, body: chunks, duplex: 'half' }
  const measured = await fetch(`${url}/api/v1/echo`, init as RequestInit)
  expect(measured.status).toBe(413)
})

test('only JSON in UTF-8 is read as JSON', async () => {
  const url = await serve((app) => app.use(router()))
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
  ]
  for (const type of types) {
    const response = await post(url, '{"title":"x"}', { 'content-type': type })
    expect([type, response.status]).toEqual([type, 415])
  }
  for (const type of ['application/json;charset=UTF-8', 'application/merge-patch+json']) {
    const response = await post(url, '{"title":"x"}', { 'content-type': type })
    expect([type, response.status]).toEqual([type, 200])
  }
  const zipped = await post(url, 'x', { ...json, 'content-encoding': 'gzip' })
  expect(zipped.status).toBe(415)
})

test('a client that goes away aborts the context of its request', async () => {
  let started = (): void => {}
  const running = new Promise<void>((resolve) => (started = resolve))
  let aborted = (): void => {}
  const gone = new Promise<void>((resolve) => (aborted = resolve))
  const slow = route.get({
    path: '/api/v1/slow',
    permission: 'public',
    summary: 'Waits',
    handler: (_, ctx) =>
      new Promise<void>((_resolve, reject) => {
        ctx.signal.addEventListener('abort', () => {
          aborted()
          reject(ctx.signal.reason as Error)
        })
        started()
      }),
  })
  const url = new URL(await serve((app) => app.use(router({ slow }))))
  const socket = connect(Number(url.port), '127.0.0.1')
  socket.write('GET /api/v1/slow HTTP/1.1\r\nhost: x\r\n\r\n')
  await running
  socket.destroy()
  await gone
})

test('a streamed answer arrives as it is, and a source that breaks off breaks the answer off', async () => {
  async function* lines(count: number, fail: boolean): AsyncIterable<string> {
    for (let i = 0; i < count; i++) yield `${i},${'x'.repeat(1000)}\n`
    if (fail) throw new Error('the source broke')
  }
  const exported = (path: `/${string}`, fail: boolean) =>
    route.get({
      path,
      permission: 'public',
      summary: 'Exports',
      produces: 'text/csv',
      handler: () => reply<never>(lines(500, fail), { headers: { 'content-disposition': 'attachment' } }),
    })
  const whole = exported('/api/v1/whole', false)
  const broken = exported('/api/v1/broken', true)
  const url = await serve((app) => app.use(router({ whole, broken })))
  const response = await fetch(`${url}/api/v1/whole`)
  expect(response.headers.get('content-type')).toBe('text/csv')
  expect((await response.text()).split('\n')).toHaveLength(501)
  await expect(fetch(`${url}/api/v1/broken`).then((r) => r.text())).rejects.toThrow()
})

test('a route may read the body itself, within its limit', async () => {
  const upload = route.post({
    path: '/api/v1/upload',
    permission: 'public',
    summary: 'Uploads',
    maxBodyBytes: 1000,
    response: z.object({ bytes: z.number() }),
    handler: async ({ stream }) => {
      let bytes = 0
      for await (const chunk of stream) bytes += chunk.byteLength
      return { bytes }
    },
  })
  const url = await serve((app) => app.use(router({ upload })))
  const send = (size: number) => fetch(`${url}/api/v1/upload`, { method: 'POST', body: new Uint8Array(size) })
  expect(await (await send(900)).json()).toEqual({ bytes: 900 })
  expect((await send(1100)).status).toBe(413)
})

test('request lines that no client library would send are answered', async () => {
  const url = new URL(await serve((app) => app.use('/cdp', router())))
  const paths = [
    '/cdp/%',
    '/cdp/%00',
    '/cdp//',
    '/cdp/api/v1/echo/../x',
    '/cdp/api/v1/tenants/%zz/ech',
    `/cdp/${'a'.repeat(8000)}`,
  ]
  for (const path of paths) {
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: url.port, path, headers: { connection: 'close' } }
      httpRequest(options, (res) => resolve(res.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect([path, status]).toEqual([path, 404])
  }
})

test('an IPv4 address is the same one whichever socket it came through', async () => {
  const where = route.get({
    path: '/api/v1/where',
    permission: 'public',
    summary: 'Where from',
    response: z.object({ ip: z.string(), seen: z.string().nullable() }),
    handler: ({ ip }, ctx) => ({ ip, seen: ctx.ip }),
  })
  const url = await serve((app) => {
    app.set('trust proxy', true)
    app.use(router({ where }))
  })
  for (const [sent, seen] of [
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:nonsense', '::ffff:nonsense'],
  ]) {
    const answer = await fetch(`${url}/api/v1/where`, { headers: { 'x-forwarded-for': sent! } })
    expect(await answer.json()).toEqual({ ip: seen, seen })
  }
})
