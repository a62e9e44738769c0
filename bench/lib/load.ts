import { connect, type Socket } from 'node:net'

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly perSecond: number
  /** Answers whose status was not the expected one. */
  readonly wrong: number
}

export interface LoadOptions {
  readonly port: number
  readonly connections: number
  readonly durationMs: number
  readonly expectedStatus: number
  /** The whole request as it goes over the wire; called for each one. */
  readonly request: () => Buffer
}

/**
 * Keep-alive HTTP load over bare sockets, one request in flight per connection: cheap enough that the server and not
 * the generator is what saturates a core.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const started = performance.now()
  const deadline = started + options.durationMs
  const runs = await Promise.all(Array.from({ length: options.connections }, () => one(options, deadline)))
  const seconds = (performance.now() - started) / 1000
  const requests = runs.reduce((sum, run) => sum + run.requests, 0)
  const wrong = runs.reduce((sum, run) => sum + run.wrong, 0)
  return { requests, seconds, perSecond: requests / seconds, wrong }
}

/** A request in wire form. */
export function wireRequest(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Buffer {
  const all = {
    host: '127.0.0.1',
    connection: 'keep-alive',
    ...headers,
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` }),
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body ?? ''}`)
}

function one(
  { port, request, expectedStatus }: LoadOptions,
  deadline: number,
): Promise<{ requests: number; wrong: number }> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let pending: Buffer = Buffer.alloc(0)
    let requests = 0
    let wrong = 0
    const next = (): void => {
      if (performance.now() < deadline) return void socket.write(request())
      socket.end()
      resolve({ requests, wrong })
    }
    socket.once('connect', next)
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const length = responseLength(pending)
      if (length === null || pending.length < length) return
      if (Number(pending.toString('latin1', 9, 12)) !== expectedStatus) wrong++
      pending = pending.subarray(length)
      requests++
      next()
    })
  })
}

/** Bytes of the first response in the buffer; null while its head is incomplete. */
function responseLength(buffer: Buffer): number | null {
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return null
  const match = /content-length: (\d+)/i.exec(buffer.toString('latin1', 0, end))
  if (!match) throw new Error('The benchmark reads answers with Content-Length only')
  return end + 4 + Number(match[1])
}
