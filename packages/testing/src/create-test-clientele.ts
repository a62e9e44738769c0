import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import {
  createClientele,
  silentLogger,
  type AnyPlugin,
  type Clientele,
  type ClienteleOptions,
  type Scope,
  type ScopedClientele,
  type Storage,
} from '@clientele/core'
import express from 'express'
import { inject, onTestFinished } from 'vitest'
import { postgresTestStorage } from './postgres-schema.ts'
import { recorder, type Recorder } from './recorder.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { testAccess, testToken, type TestActor } from './test-access.ts'
import { testClock, type TestClock } from './test-clock.ts'

export interface TestClienteleOptions<P extends readonly AnyPlugin[]> extends Omit<
  ClienteleOptions<P>,
  'storage' | 'clock'
> {
  /**
   * `sqlite`: a file of its own. `postgres`: a schema of its own on the server the run started.
   * @default 'sqlite'
   */
  readonly storage?: TestStorage | Storage
  /** Where the clock stands. @default '2026-01-15T12:00:00.000Z' */
  readonly now?: string
}

export type TestStorage = 'sqlite' | 'postgres'

/** A started instance with its own database, a clock to move, and no worker: jobs run in {@link TestClientele.drain}. */
export interface TestClientele<P extends readonly AnyPlugin[]> {
  readonly cdp: Clientele<P>
  readonly clock: TestClock
  readonly storage: Storage
  /** Every change since the start or the last `clear()`. */
  readonly recorder: Recorder
  as(scope?: Scope): ScopedClientele<P>
  /** A real HTTP request through Express; `as` says who calls, by default someone with all permissions. */
  fetch(path: string, init?: TestRequest): Promise<TestResponse>
  /** Where the instance listens, for clients of their own. */
  url(): Promise<string>
  /** Runs jobs until none is due. */
  drain(): Promise<number>
}

export interface TestRequest extends Omit<RequestInit, 'body'> {
  /** An object is sent as JSON; text as it is. */
  readonly body?: unknown
  readonly as?: TestActor | null
}

export interface TestResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // `any`: a test reads the fields it is about.
  readonly json: any
}

/**
 * An instance in one line, cleaned up when the test ends.
 *
 * @example
 * const t = await createTestClientele({ plugins: [customers()] })
 * const { id } = await t.as().api.customers.create({ body: { email: 'ana@example.com' } })
 */
export async function createTestClientele<const P extends readonly AnyPlugin[]>(
  options: TestClienteleOptions<P>,
): Promise<TestClientele<P>> {
  const { now = '2026-01-15T12:00:00.000Z', ...rest } = options
  const { storage, dispose } = await openStorage(options.storage ?? 'sqlite')
  const clock = testClock(now)
  const recording = recorder()
  const cdp = createClientele({
    logger: silentLogger(),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    ...rest,
    storage,
    clock,
    plugins: [...options.plugins, recording.plugin],
    authenticators: [...(options.authenticators ?? []), testAccess()],
  }) as unknown as Clientele<P>
  let server: Promise<Server> | undefined
  const url = async (): Promise<string> => {
    server ??= listen(cdp)
    return `http://127.0.0.1:${((await server).address() as AddressInfo).port}`
  }
  onTestFinished(async () => {
    const running = await server
    if (running) await new Promise((resolve) => running.close(resolve).closeAllConnections())
    await cdp.stop({ graceMs: 1000 })
    await dispose()
  })
  await cdp.start({ workers: false })
  return {
    cdp,
    clock,
    storage,
    recorder: recording.recorder,
    as: (scope) => cdp.as(scope),
    url,
    fetch: async (path, init) => request(`${await url()}${path}`, init),
    drain: () => cdp.runJobs(),
  }
}

async function openStorage(
  storage: TestStorage | Storage,
): Promise<{ storage: Storage; dispose: () => Promise<void> }> {
  if (storage === 'postgres') return postgresTestStorage(inject('postgresUrl'))
  if (storage !== 'sqlite') return { storage, dispose: async () => {} }
  return { storage: sqlite(join(await temporaryFolder(), 'test.db')), dispose: async () => {} }
}

async function listen(cdp: Clientele<any>): Promise<Server> {
  const server = createServer(express().use(cdp.router()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function request(
  url: string,
  { as = {}, body, headers, ...init }: TestRequest = {},
): Promise<TestResponse> {
  const json = body !== undefined && typeof body !== 'string'
  const response = await fetch(url, {
    ...init,
    headers: {
      ...(as ? { authorization: testToken(as) } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(headers as Record<string, string> | undefined),
    },
    ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
  })
  const text = await response.text()
  // Not `application/x-ndjson`, which is many.
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text ? JSON.parse(text) : undefined,
  }
}
