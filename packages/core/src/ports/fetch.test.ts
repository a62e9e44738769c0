import { createServer, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { guardedFetch } from './fetch.ts'

/** A server that counts who reached it. */
async function canary(): Promise<{ readonly url: string; readonly port: number; readonly seen: string[] }> {
  const seen: string[] = []
  const server: Server = createServer((request, response) => {
    seen.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { location: '/inside' }).end()
    else if (request.url === '/large') response.end('x'.repeat(5000))
    else if (request.url !== '/silent') response.setHeader('x-from', 'canary').end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, seen }
}

function fetchWith(lookup?: LookupFunction): ReturnType<typeof guardedFetch> {
  const fetch = guardedFetch(lookup ? { lookup } : {})
  onTestFinished(() => fetch.close())
  return fetch
}

const leadingTo =
  (...addresses: readonly string[]): LookupFunction =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[5f00::1]',
  '[fe80::1]',
  '[fd00::1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '１２７.０.０.１',
])('the literal address %s is refused', async (host) => {
  const { port, seen } = await canary()
  await expect(fetchWith()(`http://${host}:${port}/`)).rejects.toMatchObject({ code: 'fetch.refused' })
  expect(seen).toEqual([])
})

test('a name is refused when any of its addresses is not public, at the moment of connecting', async () => {
  const { port, seen } = await canary()
  const fetch = fetchWith(leadingTo('93.184.216.34', '127.0.0.1'))
  await expect(fetch(`http://rebinding.example:${port}/`)).rejects.toMatchObject({ code: 'fetch.refused' })
  expect(seen).toEqual([])
})

test.each(['file:///etc/passwd', 'ftp://example.com/', 'not a url', 'http://user:secret@example.com/'])(
  '%s is refused before anything is connected',
  async (url) => {
    const error: unknown = await fetchWith()(url).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'fetch.refused' })
    expect((error as Error).message).not.toContain('secret')
  },
)

test('a trusted request reaches any host and reads its answer', async () => {
  const { url } = await canary()
  const { status, headers, body } = await fetchWith().trusted(url, { method: 'POST', body: 'x' })
  expect([status, headers['x-from'], Buffer.from(body).toString()]).toEqual([200, 'canary', 'hello'])
})

test('a redirect is an answer and is not followed', async () => {
  const { url, seen } = await canary()
  expect((await fetchWith().trusted(`${url}/redirect`)).status).toBe(302)
  expect(seen).toEqual(['/redirect'])
})

test('an answer that is too large or never comes is an error that says so', async () => {
  const { url } = await canary()
  const fetch = fetchWith()
  await expect(fetch.trusted(`${url}/large`, { maxBytes: 1000 })).rejects.toThrow('larger than 1000 bytes')
  const cut = await fetch.trusted(`${url}/large`, { maxBytes: 1000, cut: true })
  expect([cut.status, cut.body.length]).toEqual([200, 1000])
  await expect(fetch.trusted(`${url}/silent`, { timeoutMs: 50 })).rejects.toThrow('no answer in time')
})
