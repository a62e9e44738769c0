import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as a server saw it. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/**
 * A server that answers each request with the next of the given answers, the last one for all others.
 * An answer may do anything with the response; `hangUp` breaks the connection.
 */
export async function answering(
  ...answers: readonly ((response: ServerResponse) => void)[]
): Promise<{ readonly baseUrl: string; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      answers[Math.min(seen.length, answers.length) - 1]!(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve).closeAllConnections())
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** Answers JSON. */
export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
  }

/** A problem as the pipeline writes one. */
export const problem = (status: number, code: string, headers?: Readonly<Record<string, string>>) =>
  json(status, { status, code, title: code, detail: `It is ${code}`, params: {}, instance: 'r-1' }, headers)

/** Breaks the connection without an answer. */
export const hangUp = (response: ServerResponse): void => void response.socket!.destroy()

/** Blocks of an event stream, then its end. */
export const events =
  (...blocks: readonly string[]) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(blocks.map((block) => `${block}\n\n`).join(''))
  }
