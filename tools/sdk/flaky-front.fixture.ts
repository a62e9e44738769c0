import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** A server in front of another that keeps its port while that one is away, and fails as networks do. */
export interface FlakyFront {
  readonly url: string
  /** Every message id that was sent by anyone, as often as it was. */
  readonly sent: Map<string, number>
  /** Message ids whose sender got the answer: nobody will send them again. */
  readonly answered: Set<string>
  /** How many requests were refused, answered to nobody, or let through. */
  readonly outcomes: { refused: number; lost: number; passed: number }
  /** Where requests go; while it is null they wait. */
  target(url: string | null): void
}

/**
 * Refuses the first try of every third body with 503, and cuts the connection after the first try of every other
 * third has been answered: the client does not know that it was taken. No body meets both. For a client that never
 * tries again, every third body is delivered twice instead.
 */
export async function flakyFront({ triesAgain }: { readonly triesAgain: boolean }): Promise<FlakyFront> {
  const sent = new Map<string, number>()
  const answered = new Set<string>()
  const outcomes = { refused: 0, lost: 0, passed: 0 }
  const tries = new Map<string, { count: number; readonly fate: 'refuse' | 'lose' | 'pass' }>()
  let target: string | null = null
  const waiting: ((url: string) => void)[] = []
  const open = (): Promise<string> | string => target ?? new Promise((resolve) => waiting.push(resolve))
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy())
  })
  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
    const body = Buffer.concat(chunks)
    const ids = incoming.method === 'POST' ? messageIds(body, incoming.headers) : []
    for (const id of ids) sent.set(id, (sent.get(id) ?? 0) + 1)
    const key = ids.join()
    const known = tries.get(key) ?? { count: 0, fate: (['refuse', 'lose', 'pass'] as const)[tries.size % 3]! }
    known.count++
    if (ids.length > 0) tries.set(key, known)
    const isFirst = known.count === 1 && ids.length > 0
    if (!triesAgain && known.fate === 'lose') {
      outcomes.lost++
      for (const id of ids) sent.set(id, (sent.get(id) ?? 0) + 1)
      await forward(await open(), incoming, body)
    }
    if (triesAgain && isFirst && known.fate === 'refuse') {
      outcomes.refused++
      return void outgoing.writeHead(503, { 'retry-after': '1', 'access-control-allow-origin': '*' }).end()
    }
    const answer = await forward(await open(), incoming, body)
    if (triesAgain && isFirst && known.fate === 'lose') {
      outcomes.lost++
      return void outgoing.destroy()
    }
    outcomes.passed++
    outgoing.writeHead(answer.status, answer.headers).end(answer.body, () => {
      if (answer.status < 300) for (const id of ids) answered.add(id)
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve).closeAllConnections())
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    answered,
    outcomes,
    target(url) {
      target = url
      if (url !== null) for (const goOn of waiting.splice(0)) goOn(url)
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

function forward(
  url: string,
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Uint8Array[] = []
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 502,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

interface Sent {
  readonly messageId?: string
  readonly batch?: readonly { readonly messageId: string }[]
}

function messageIds(body: Buffer, headers: IncomingHttpHeaders): string[] {
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const { batch, messageId } = JSON.parse(text.toString('utf8')) as Sent
  return batch ? batch.map((one) => one.messageId) : messageId === undefined ? [] : [messageId]
}
