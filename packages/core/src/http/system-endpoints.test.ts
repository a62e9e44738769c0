import { Script } from 'node:vm'
import { expect, onTestFinished, test, vi } from 'vitest'
import * as z from 'zod'
import { docsScript } from './docs/docs-script.ts'
import { route } from './route.ts'
import { testPipeline } from './test-pipeline.fixture.ts'

const ping = route.get({
  path: '/api/v1/ping',
  permission: 'public',
  summary: 'Answers',
  response: z.string(),
  handler: () => 'pong',
})

test('live and ready answer anybody', async () => {
  const { call } = testPipeline({ ping })
  expect((await call('GET', '/live', { anonymous: true })).json).toEqual({ status: 'ok' })
  expect((await call('GET', '/ready', { anonymous: true })).json).toEqual({ status: 'ok', problems: [] })
})

test('before the start has ended, ready and routes are 503, live is not', async () => {
  let started = false
  const { call, errors } = testPipeline({ ping }, { isStarted: () => started })
  expect((await call('GET', '/ready')).json).toEqual({
    status: 'unavailable',
    problems: ['the instance is not started'],
  })
  const early = await call('GET', '/api/v1/ping')
  expect([early.status, early.json.code, early.headers['retry-after']]).toEqual([
    503,
    'config.not_started',
    '1',
  ])
  expect((await call('GET', '/live')).status).toBe(200)
  started = true
  expect((await call('GET', '/ready')).status).toBe(200)
  expect((await call('GET', '/api/v1/ping')).status).toBe(200)
  expect(errors).toEqual([])
})

test('a database that does not answer makes ready 503 without telling why, and live stays 200', async () => {
  const failing = async (): Promise<void> => {
    throw new Error('connect ECONNREFUSED 10.0.0.1:5432')
  }
  const { call, errors } = testPipeline({ ping }, { health: failing })
  const { status, body } = await call('GET', '/ready')
  expect([status, body]).toEqual([503, expect.not.stringContaining('10.0.0.1')])
  expect(errors).toHaveLength(1)
  expect((await call('GET', '/live')).status).toBe(200)
})

test('a database that hangs makes ready 503 after two seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { call, errors } = testPipeline({ ping }, { health: () => new Promise(() => {}) })
  const asked = call('GET', '/ready')
  await vi.advanceTimersByTimeAsync(2000)
  expect((await asked).json).toEqual({ status: 'unavailable', problems: ['the database does not answer'] })
  expect(errors).toHaveLength(1)
})

test('the document names where the router is mounted', async () => {
  const { pipeline } = testPipeline({ ping }, { api: { title: 'Shop' } })
  const headers = {}
  const signal = new AbortController().signal
  const request = {
    method: 'GET',
    url: '/openapi.json',
    baseUrl: '/cdp',
    headers,
    body: undefined,
    ip: '',
    signal,
  }
  const document = JSON.parse((await pipeline.handle(request)).body as string)
  expect(document).toMatchObject({ info: { title: 'Shop' }, servers: [{ url: '/cdp' }] })
  expect(Object.keys(document.paths)).toEqual(['/api/v1/ping'])
})

test('the documentation page runs under a policy without inline code and asks nobody else', async () => {
  const { call } = testPipeline({ ping })
  const page = await call('GET', '/docs', { anonymous: true })
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['content-security-policy']).toMatch(
    /script-src 'self'; style-src 'self'; connect-src 'self'/,
  )
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  const html = page.body as string
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=|https?:/)
  const files = [...html.matchAll(/(?:src|href)="(docs[^"]+)"/g)].map((match) => match[1]!)
  expect(files).toEqual(['docs/docs.css', 'docs/docs.js'])
  for (const file of files) expect((await call('GET', `/${file}`, { anonymous: true })).status).toBe(200)
})

test('the documentation is found with a slash at the end too', async () => {
  const { call, pipeline } = testPipeline({ ping })
  const { status, headers } = await call('GET', '/docs/', { anonymous: true })
  expect([status, headers['location']]).toEqual([308, '/docs'])
  expect(pipeline.owns('/docs/')).toBe(true)
})

test('the documentation page shows what every list understands before the filters of one', () => {
  const given = ['name.contains', 'skip', 'limit', 'sort', 'id'].map((name) => ({
    name,
    in: name === 'id' ? 'path' : 'query',
  }))
  const sorted = inPage('(given) => given.toSorted((a, b) => rank(a) - rank(b))')(given) as typeof given
  expect(sorted.map(({ name }) => name)).toEqual(['id', 'sort', 'limit', 'skip', 'name.contains'])
})

test('the documentation page shows what stands between backticks as code', () => {
  expect(inPage('prose')('a `b` c')).toEqual(['a ', ['code', 'b'], ' c'])
})

/** A function of the page's script. */
function inPage(name: string): (given: unknown) => unknown {
  const [start, end] = ['const COMMON', 'function parameterTable'].map((word) => docsScript.indexOf(word))
  const element = 'const element = (name, attributes, text) => [name, text]'
  // From another realm: as plain values of this one.
  const found = new Script(`${docsScript.slice(start, end)}; ${element}; (${name})`).runInNewContext()
  return (given) => JSON.parse(JSON.stringify((found as (given: unknown) => unknown)(given)))
}

test('the script of the documentation page is one that a browser can parse', () => {
  // Top-level await is a module's; inside an async function a script may have it too.
  expect(() => new Script(`async () => {${docsScript}}`)).not.toThrow()
})
