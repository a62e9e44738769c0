import { FetchPort, guardedFetch, provide, type Fetch, type Provider } from '@clientele/core'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { onTestFinished, vi } from 'vitest'

/** A request as it arrived. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How the receiver answers. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Receiver {
  readonly url: string
  readonly port: number
  readonly seen: Received[]
  /** Of the answers to come. */
  answer: Answer
}

/** A server on this machine that keeps what it gets. */
export async function receiver(): Promise<Receiver> {
  const seen: Received[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(made.answer.status ?? 200, { ...made.answer.headers }).end(made.answer.body ?? 'ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  const made: Receiver = { url: `http://127.0.0.1:${port}/hook`, port, seen, answer: {} }
  return made
}

/** The fetch port without its guard, so that a receiver on this machine can be reached. */
export function reachAll(lookup?: LookupFunction): Provider {
  return provide(FetchPort, {
    factory: () => {
      const real = guardedFetch(lookup ? { lookup } : {})
      const trusted: Fetch['trusted'] = (url, options) => real.trusted(url, options)
      const open: Fetch['trusted'] = (url, options) => real.trusted(url, options)
      return Object.assign(open, { trusted, close: () => real.close() })
    },
    dispose: (fetch) => fetch.close(),
  })
}

/** Verifies as a receiver does, whose clock shows `now`. @throws when it is not genuine */
export function verify(secret: string, { headers, body }: Received, now: number): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now })
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>)
  } finally {
    vi.useRealTimers()
  }
}
