import { definePlugin, route } from '@clientele/core'
import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

/** JSON of any content type with a key in it: `{ key: 'tenant-a:secret', … }`. */
const beacon = definePlugin({
  id: 'beacon',
  version: '1.0.0',
  requires: { core: '*' },
  permissions: { 'beacon:send': { label: 'Send' } },
  routes: {
    send: route.post({
      path: '/v1/send',
      permission: 'beacon:send',
      summary: 'Send',
      cors: 'any',
      maxBodyBytes: 1000,
      async readBody({ stream }) {
        const chunks: Uint8Array[] = []
        for await (const chunk of stream) chunks.push(chunk)
        return JSON.parse(Buffer.concat(chunks).toString('utf8'))
      },
      async identify({ body }, open) {
        const [tenantId = '', secret] = String((body as { key?: string }).key).split(':')
        if (secret !== 'secret') return null
        const { tenantId: opened } = open(tenantId)
        const actor = { kind: 'key', id: 'beacon', permissions: new Set(['beacon:send']) } as const
        return { actor, tenants: [opened] }
      },
      body: z.object({ key: z.string(), word: z.string() }),
      response: z.object({ tenant: z.string(), word: z.string() }),
      handler: ({ body }, ctx) => ({ tenant: ctx.tenantId, word: body.word }),
    }),
  },
})

const post = (body: string): object => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'text/plain' },
  as: null,
})

test('a route may read its body and find the caller in it', async () => {
  const t = await createTestClientele({ plugins: [beacon()], tenancy: { mode: 'multi' } })

  const sent = await t.fetch('/v1/send', post('{"key":"tenant-a:secret","word":"hi"}'))
  expect(sent).toMatchObject({ status: 200, json: { tenant: 'tenant-a', word: 'hi' } })

  expect(await t.fetch('/v1/send', post('{"key":"tenant-a:wrong","word":"hi"}'))).toMatchObject({
    status: 401,
    json: { code: 'http.unauthenticated' },
  })
  expect(await t.fetch('/v1/send', post('{"key":"tenant-a:secret"}'))).toMatchObject({
    status: 400,
    json: { code: 'http.invalid_request' },
  })
  expect(await t.fetch('/v1/send', post('{"key":"../x:secret","word":"hi"}'))).toMatchObject({ status: 403 })
  expect(await t.fetch('/v1/send', post(`"${'x'.repeat(1000)}"`))).toMatchObject({ status: 413 })
})

test('a body that is too large is answered, and not cut off, also when most of it is still to come', async () => {
  const t = await createTestClientele({ plugins: [beacon()] })
  for (let times = 0; times < 5; times++) {
    expect(await t.fetch('/v1/send', post('x'.repeat(8_000_000)))).toMatchObject({ status: 413 })
  }
})

test('scripts of other sites may call a route that is open to them, and see its errors', async () => {
  const t = await createTestClientele({ plugins: [beacon()] })

  const preflight = await t.fetch('/v1/send', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'Authorization, x-retry-count, "evil"',
    },
    as: null,
  })
  expect(preflight.status).toBe(204)
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, x-retry-count',
  })

  const refused = await t.fetch('/v1/send', post('{"key":"x"}'))
  expect(refused.status).toBe(401)
  expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  const other = await t.fetch('/api/v1/settings/tenant', { method: 'OPTIONS', as: null })
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
})
