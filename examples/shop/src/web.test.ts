import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startTestShop } from './test-shop.fixture.ts'
import { createApp, type WebOptions } from './web.ts'

async function serve(options?: WebOptions): Promise<string> {
  const { shop } = await startTestShop('sqlite')
  const server = createServer(createApp(shop, options))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('answers tell browsers to run and to frame nothing, and name no server', async () => {
  const { headers } = await fetch(`${await serve()}/api/v1/customers`)
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  )
  expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('x-request-id')).toBeTruthy()
})

test('the documentation keeps the policy of its own', async () => {
  const [shop, bare] = [await serve(), await serve({ helmet: false })]
  const policyOf = async (url: string) => (await fetch(`${url}/docs`)).headers.get('content-security-policy')
  expect(await policyOf(shop)).toBe(await policyOf(bare))
  expect(await policyOf(shop)).toContain("default-src 'none'")
})

test('the bare address leads to the documentation', async () => {
  const { status, url } = await fetch(`${await serve()}/`)
  expect([status, new URL(url).pathname]).toEqual([200, '/admin'])
})

test('long answers are compressed for those who take it', async () => {
  const accept = { headers: { 'accept-encoding': 'gzip' } }
  const encodingOf = async (options?: WebOptions) =>
    (await fetch(`${await serve(options)}/openapi.json`, accept)).headers.get('content-encoding')
  expect(await encodingOf()).toBe('gzip')
  expect(await encodingOf({ compression: false })).toBeNull()
})

test('scripts of the sites named may call it, and no others', async () => {
  const url = await serve({ cors: ['https://admin.example'] })
  const preflight = (origin: string) =>
    fetch(`${url}/api/v1/customers`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    })
  const allowed = await preflight('https://admin.example')
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://admin.example')
  expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization')
  const refused = await preflight('https://admin.example.evil.example')
  expect(refused.headers.get('access-control-allow-origin')).toBeNull()
})

test('all of it can be turned off', async () => {
  const { headers } = await fetch(`${await serve({ helmet: false, compression: false })}/api/v1/customers`)
  expect(headers.get('strict-transport-security')).toBeNull()
  expect(headers.get('access-control-allow-origin')).toBeNull()
})
