import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { listQuery } from './list-protocol.ts'
import { route } from './route.ts'
import { testPipeline } from './test-pipeline.fixture.ts'

const Note = defineEntity('notes', {
  title: col.text().filterable().sortable().searchable(),
  pages: col.integer().filterable(),
})

const routes = {
  take: route.post({
    path: '/api/v1/anything',
    permission: 'public',
    summary: 'Takes any JSON',
    body: z.json(),
    response: z.object({ taken: z.boolean(), body: z.json() }),
    handler: ({ body }) => ({ taken: true, body }),
  }),
  create: route.post({
    path: '/api/v1/notes',
    permission: 'public',
    summary: 'Creates',
    body: Note.insert,
    response: z.object({ title: z.string() }),
    handler: ({ body }) => body,
  }),
  list: route.get({
    path: '/api/v1/notes',
    permission: 'public',
    summary: 'Lists',
    query: listQuery(Note),
    response: z.object({ limit: z.number() }),
    handler: ({ query }) => query,
  }),
  get: route.get({
    path: '/api/v1/notes/:id',
    permission: 'public',
    summary: 'One',
    params: z.object({ id: z.uuid() }),
    response: z.string(),
    handler: ({ params }) => params.id,
  }),
}
const { call, errors } = testPipeline(routes)

/** Every refusal is a problem of the 4xx kind, and nothing reached the log. */
async function refused(method: string, url: string, body?: unknown): Promise<any> {
  const { status, json, headers } = await call(method, url, { body })
  const said = {
    url: url.slice(0, 80),
    body: String(body).slice(0, 80),
    status,
    type: headers['content-type'],
  }
  expect(said).toMatchObject({
    status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
    type: 'application/problem+json; charset=utf-8',
  })
  expect(errors).toEqual([])
  return json
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test('text that is not JSON is refused', async () => {
  const broken = [
    ' ',
    '{',
    '[',
    ']',
    '{]',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}x',
    '[1]]',
    '{"a":1}{"b":2}',
    'nul',
    'True',
    'NaN',
    '[Infinity]',
    '[-]',
    '[01]',
    '[1.]',
    '[.5]',
    '[+1]',
    '[0x1]',
    '[1e]',
    '"a',
    '"\\x00"',
    '"\\u12"',
    '"tab\there"',
    '["line\nbreak"]',
    '\u{feff}{}',
    '/* c */ {}',
    '[1]//',
    '"\u0000"',
  ]
  for (const text of broken)
    expect((await refused('POST', '/api/v1/anything', text)).code).toBe('http.malformed_json')
})

test('bytes that are not UTF-8 are refused', async () => {
  const broken = [
    bytes(0xff),
    bytes(0x22, 0xc0, 0xaf, 0x22),
    bytes(0x22, 0xed, 0xa0, 0x80, 0x22),
    bytes(0, 0x7b, 0, 0x7d),
  ]
  for (const body of broken)
    expect((await refused('POST', '/api/v1/anything', body)).code).toBe('http.malformed_json')
})

test('texts no database can hold are refused by the name of their field', async () => {
  const broken = {
    '"a\\u0000b"': '',
    '{"a\\u0000":1}': '',
    '["\\ud800"]': '0',
    '{"x":[{"y":"\\uDFFF"}]}': 'x.0.y',
    '{"x":{"\\ud800":1}}': 'x',
  }
  for (const [text, path] of Object.entries(broken)) {
    const { code, params } = await refused('POST', '/api/v1/anything', text)
    expect([text, code, params.issues[0].path]).toEqual([text, 'http.invalid_request', path])
  }
})

test('valid JSON at the edges is taken as it is', async () => {
  const fine = [
    '0',

    'null',
    '""',
    '[]',
    '1e308',
    '"\\u00e9\\ud83d\\ude00"',
    `${'['.repeat(100)}${']'.repeat(100)}`,
  ]
  for (const text of fine) {
    const { status, json } = await call('POST', '/api/v1/anything', { body: text })
    expect([text, status, json?.body]).toEqual([text, 200, JSON.parse(text)])
  }
})

test('deep nesting is refused before anything recurses', async () => {
  for (const depth of [101, 5000, 200_000]) {
    await refused('POST', '/api/v1/anything', '['.repeat(depth))
    await refused('POST', '/api/v1/anything', `${'['.repeat(depth)}${']'.repeat(depth)}`)
    await refused('POST', '/api/v1/anything', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  }
})

test('keys of the prototype change nothing', async () => {
  const attacks = [
    '{"__proto__":{"polluted":true}}',
    '{"a":{"__proto__":{"polluted":true}}}',
    '{"\\u005f_proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
  ]
  for (const text of attacks) {
    const { status, json } = await call('POST', '/api/v1/anything', { body: text })
    expect(status).toBe(200)
    expect(Object.hasOwn(json.body, '__proto__')).toBe(false)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  }
  const { params } = await refused(
    'POST',
    '/api/v1/notes',
    '{"title":"x","pages":1,"constructor":1,"toString":2}',
  )
  expect(params.issues.map((issue: { path: string }) => issue.path)).toEqual(['constructor', 'toString'])
})

test('bodies of the wrong shape are refused', async () => {
  for (const text of [
    'null',
    '[]',
    '1',
    '"x"',
    '{}',
    '{"title":null}',
    '{"title":["x"]}',
    '{"title":"x","pages":1e400}',
    '',
  ]) {
    await refused('POST', '/api/v1/notes', text)
  }
})

test('an issue never repeats what was sent, and their number is bounded', async () => {
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])))
  const { params } = await refused('POST', '/api/v1/notes', many)
  expect(params.issues).toHaveLength(20)
  const long = await refused('POST', '/api/v1/notes', `{"${'k'.repeat(100_000)}":1}`)
  expect(JSON.stringify(long).length).toBeLessThan(2000)
})

test('queries that mean nothing are refused', async () => {
  const broken = [
    'title=%',
    'title=%zz',
    'title=%c3%28',
    'title=a%00b',
    'ti%00tle=a',
    '%E0%A4%A=1',
    'title=a&title=b',
    'limit=1&limit=2',
    'sort=title&sort=pages',
    'cursor=x&cursor=y',
    '__proto__=x',
    '__proto__[a]=x',
    'constructor.prototype.x=1',
    'title[contains]=a',
    'hasOwnProperty=1',
    'toString=1',
    'pages.in=1,,2',
    'pages=1e3',
    'pages=0x10',
    'pages=٣',
    'limit=1e1',
    'limit=%201',
    'sort=title%20desc',
    'sort=title;drop table notes',
    Array.from({ length: 101 }, (_, i) => `a${i}=1`).join('&'),
    `title=${'x'.repeat(20_000)}`,
  ]
  for (const query of broken) await refused('GET', `/api/v1/notes?${query}`)
  for (const query of ['', '&', '&&=', 'limit=5&', 'title=', 'title=a=b', 'title=a+b%20c']) {
    const { status } = await call('GET', `/api/v1/notes?${query}`)
    expect([query, status]).toEqual([query, query === '&&=' ? 400 : 200])
  }
})

test('paths that mean nothing are refused', async () => {
  const broken = [
    '%',
    '%00',
    '%ff',
    'x',
    '..',
    '%2e%2e',
    '%2f',
    'a'.repeat(100_000),
    '00000000-0000-0000-0000-00000000000g',
  ]
  for (const id of broken) await refused('GET', `/api/v1/notes/${id}`)
  for (const path of [
    '',
    '/',
    '//',
    '///api/v1/notes',
    '/api/v1/notes/',
    '*',
    'http://x/api/v1/notes',
    '/API/V1/notes',
  ]) {
    await refused('GET', path)
  }
})

test('methods nobody knows are 405 where something stands and 404 where nothing does', async () => {
  for (const method of ['TRACE', 'CONNECT', 'PROPFIND', '__proto__', 'constructor', 'get']) {
    expect((await refused(method, '/api/v1/notes')).status).toBe(405)
    expect((await refused(method, '/nowhere')).status).toBe(404)
  }
})

test('preconditions that cannot be read are refused rather than ignored', async () => {
  const { ifMatch } = await import('./etag.ts')
  expect([undefined, '*', '"3"', 'W/"3"', ' "12" '].map((tag) => ifMatch({ 'if-match': tag }))).toEqual([
    undefined,
    undefined,
    3,
    3,
    12,
  ])
  for (const tag of ['3', '"x"', '"1", "2"', '""', '"-1"', '"99999999999999999999"']) {
    expect(() => ifMatch({ 'if-match': tag })).toThrow(/if-match: expected one version/)
  }
})
