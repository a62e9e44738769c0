import { createTestClientele, eachStorage, testToken, type TestClientele } from '@clientele/testing'
import express from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Files } from './files.ts'

const NAME = 'K\u00fcche \u201c\u{1F600}\u201d, 50%.csv'

eachStorage((storage) => {
  test('a file that is uploaded is listed, downloaded and removed', async () => {
    const t = await createTestClientele({ storage, plugins: [] })

    const created = await upload(t, NAME, 'id,name\r\n1,Ana\r\n')
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({
      name: NAME,
      contentType: 'text/csv',
      size: 16,
      permission: 'files:read',
    })
    const path = created.headers.get('location')!
    expect((await t.fetch('/api/v1/files')).json.items).toEqual([created.json])
    expect((await t.fetch(path)).json).toEqual(created.json)

    const { text, headers, status } = await t.fetch(`${path}/content`)
    expect({ text, status }).toEqual({ text: 'id,name\r\n1,Ana\r\n', status: 200 })
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv',
      'content-length': '16',
      'content-disposition':
        'attachment; filename="K_che ____, 50_.csv"; filename*=UTF-8\'\'K%C3%BCche%20%E2%80%9C%F0%9F%98%80%E2%80%9D%2C%2050%25.csv',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: `"${created.json.sha256}"`,
    })

    expect((await t.fetch(path, { method: 'DELETE' })).status).toBe(204)
    expect((await t.fetch(`${path}/content`)).status).toBe(404)
  })

  test('only those who hold its permission see a file', async () => {
    const t = await createTestClientele({ storage, plugins: [] })
    const { ctx } = t.as()
    const uploaded = (await upload(t, 'up.csv', 'x')).json.id as string
    const settings = (await ctx.get(Files).put(ctx, { name: 'set', permission: 'settings:read' }, text('y')))
      .id
    const seen = async (...permissions: string[]) => {
      const as = { permissions }
      const { items } = (await t.fetch('/api/v1/files?sort=id', { as })).json as { items: { id: string }[] }
      for (const id of [uploaded, settings]) {
        const status = items.some((item) => item.id === id) ? 200 : 404
        expect((await t.fetch(`/api/v1/files/${id}`, { as })).status).toBe(status)
        expect((await t.fetch(`/api/v1/files/${id}/content`, { as })).status).toBe(status)
      }
      return items.map(({ id }) => id)
    }

    expect(await seen('files:read')).toEqual([uploaded])
    expect(await seen('settings:*')).toEqual([settings])
    expect(await seen('*')).toEqual([uploaded, settings])
    expect(await seen('files:write')).toEqual([])
    const removal = { method: 'DELETE', as: { permissions: ['files:write'] } }
    expect((await t.fetch(`/api/v1/files/${settings}`, removal)).status).toBe(404)
  })
})

test('a download goes on where it broke off', async () => {
  const t = await createTestClientele({ plugins: [] })
  const { id, sha256 } = (await upload(t, 'a.txt', '0123456789')).json
  const get = (headers: Record<string, string>) => t.fetch(`/api/v1/files/${id}/content`, { headers })

  const rest = await get({ range: 'bytes=7-' })
  expect([rest.status, rest.text, rest.headers.get('content-range')]).toEqual([206, '789', 'bytes 7-9/10'])
  const past = await get({ range: 'bytes=10-' })
  expect([past.status, past.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  expect((await get({ range: 'bytes=7-', 'if-range': '"other"' })).text).toBe('0123456789')
  expect((await get({ range: 'bytes=7-', 'if-range': `"${sha256}"` })).text).toBe('789')
  expect((await get({ range: 'bytes=-3' })).text).toBe('0123456789')
  expect((await get({ 'if-none-match': `"${sha256}"` })).status).toBe(304)
})

test.for(['<b>', '../../etc/passwd', '..', '\r\nset-cookie: a=b', '\u202Egpj.exe'])(
  'the name %j cannot do harm',
  async (name) => {
    const t = await createTestClientele({ plugins: [] })
    const created = await upload(t, name, '<script>alert(1)</script>', 'text/html\u00e9')

    const { headers } = await t.fetch(`/api/v1/files/${created.json.id}/content`)

    expect(created.json.name).not.toMatch(/[/\\\r\n\u202E]/)
    expect(created.json.contentType).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]+"; filename\*=UTF-8''[\w.%~!*-]+$/,
    )
  },
)

test('an upload needs no body parser of the host, and what one left of it is refused rather than stored', async () => {
  const t = await createTestClientele({ plugins: [] })
  const server = createServer(
    express()
      .use(express.json(), express.text({ type: 'text/csv' }), express.raw({ type: 'image/png' }))
      .use(t.cdp.router()),
  ).listen(0, '127.0.0.1')
  onTestFinished(() => server.close().closeAllConnections())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const send = async (contentType: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/files?name=a`, {
      method: 'POST',
      headers: { authorization: testToken({}), 'content-type': contentType },
      body: '{"a":1}',
    })
    return (await response.json()) as { size?: number; code?: string }
  }

  expect(await send('application/octet-stream')).toMatchObject({ size: 7 })
  expect(await send('text/csv')).toMatchObject({ size: 7 })
  expect(await send('image/png')).toMatchObject({ size: 7 })
  expect(await send('application/json')).toMatchObject({ code: 'http.body_already_read' })
})

test('a form is refused, for its boundaries would stand in the file', async () => {
  const t = await createTestClientele({ plugins: [] })
  const body = new FormData()
  body.append('file', new Blob(['a,b']), 'people.csv')
  const response = await fetch(`${await t.url()}/api/v1/files?name=people.csv`, {
    ...{ method: 'POST', headers: { authorization: testToken({}) }, body },
  })
  expect(await response.json()).toMatchObject({ status: 415, code: 'files.is_form' })
})

test('the documentation says that an upload is the content itself', async () => {
  const t = await createTestClientele({ plugins: [] })
  // `any`: the document is read field by field.
  const paths = t.cdp.openapi()['paths'] as Record<string, any>

  expect(paths['/api/v1/files'].post.requestBody.content).toEqual({
    '*/*': { schema: { type: 'string', format: 'binary' } },
  })
})

function upload(t: TestClientele<any>, name: string, body: string, contentType = 'text/csv') {
  const headers = { 'content-type': contentType }
  return t.fetch(`/api/v1/files?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers })
}

async function* text(content: string): AsyncIterable<string> {
  yield content
}
