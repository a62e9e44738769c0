import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { newDatabase, seededRandom, type SharedDatabase } from '@clientele/testing'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startProgram } from '../kernel/program.fixture.ts'
import { FIRST_ID } from './change-journal.entity.ts'
import { listen } from './live-client.fixture.ts'
import type { LiveEvent } from './live-event.ts'
import { Note } from './live-notes.fixture.ts'
import { node, type Report, type WriterOptions } from './live-writer.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'live-writer.fixture.ts')
const LONG = Boolean(process.env['CLIENTELE_LONG'])
const WRITERS = LONG ? 5 : 3
const TRANSACTIONS = LONG ? 800 : 40
const TIMEOUT = LONG ? 600_000 : 60_000

type Told = Extract<LiveEvent, { type: 'change' }>

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test(
    'a client cut off again and again, on any node, is told all that was committed, once and in order',
    {
      timeout: TIMEOUT,
    },
    async () => {
      const database = await newDatabase(kind)
      const home = await openNode(database)
      const shared = await sharedNotes(home)
      const storm = startStorm(database, shared)
      const told = await followThrough(storm, home, database)

      const ids = told.map(({ id }) => id)
      expect(ids).toEqual(await journalOf(home))
      expect(new Set(ids).size).toBe(ids.length)
      expectReported(told, storm.reports)
      await expectVersions(home, told)
    },
  )
})

/** Listens from the first change on, until the storm is over and all of it was told. */
async function followThrough(storm: Storm, home: Node, database: SharedDatabase): Promise<readonly Told[]> {
  const told: Told[] = []
  const random = seededRandom(7)
  let lastEventId: string | undefined = FIRST_ID
  let other = await openNode(database)
  for (let round = 0; storm.rages() || (await journalOf(home)).at(-1) !== lastEventId; round++) {
    if (round === 5) {
      await other.stop()
      other = await openNode(database)
    }
    const client = await listen((round % 2 ? home : other).url, { lastEventId, query: 'entities=notes' })
    const cut = setTimeout(() => client.cut(), random.number() * 400)
    for (let event = await client.next(); event; event = await client.next()) {
      expect(event.type).not.toBe('reset')
      if (event.type === 'change') told.push(event)
    }
    clearTimeout(cut)
    lastEventId = client.lastId ?? lastEventId
  }
  await storm.over
  return told
}

/** What writers say that they committed is told, and nothing that they rolled back. */
function expectReported(told: readonly Told[], reports: readonly Report[]): void {
  const toldKeys = Map.groupBy(told, ({ data }) => keyOf(data.kind, data.ids, data.count))
  const committed = reports.flatMap((report) => ('committed' in report ? report.committed : []))
  expect(committed.length).toBeGreaterThan(WRITERS * 10)
  for (const [key, of] of Map.groupBy(committed, ([kind, ...ids]) => keyOf(kind, ids, ids.length)))
    expect(toldKeys.get(key)?.length ?? 0, key).toBeGreaterThanOrEqual(of.length)
  const never = reports.flatMap((report) => ('never' in report ? [report.never] : []))
  expect(never.length).toBeGreaterThan(0)
  const every = new Set(told.flatMap(({ data }) => data.ids))
  expect(never.filter((id) => every.has(id))).toEqual([])
}

/** Each row: made first, patched as often as its version says, removed last. */
async function expectVersions({ instance }: Node, told: readonly Told[]): Promise<void> {
  const rows = await instance.as().tx((t) => t.db.selectFrom('notes').select(['id', 'version']).execute())
  const versions = new Map(rows.map(({ id, version }) => [id, version]))
  const kinds = new Map<string, string[]>()
  for (const { data } of told) {
    for (const id of data.ids) kinds.set(id, [...(kinds.get(id) ?? []), data.kind])
  }
  for (const [id, of] of kinds) {
    const version = versions.get(id)
    expect(of.slice(1)).not.toContain('insert')
    expect(of.slice(0, -1)).not.toContain('remove')
    expect(of.at(-1) === 'remove', id).toBe(version === undefined)
    if (version !== undefined) expect(of.filter((kind) => kind === 'patch').length, id).toBe(version - 1)
  }
}

interface Node {
  readonly instance: ReturnType<typeof node>
  readonly url: string
  stop(): Promise<void>
}

async function openNode(database: SharedDatabase): Promise<Node> {
  const instance = node({ database })
  await instance.start({ workers: false })
  const server = createServer(express().use(instance.router()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    await instance.stop()
    server.close().closeAllConnections()
  }
  onTestFinished(stop)
  return { instance, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function sharedNotes({ instance }: Node): Promise<readonly string[]> {
  const rows = [{ text: 'a' }, { text: 'b' }, { text: 'c' }]
  return (await instance.as().tx((t) => t.repo(Note).insertMany(rows))).map(({ id }) => id)
}

/** The ids of all that was written since the beginning, in order. */
async function journalOf({ instance }: Node): Promise<readonly string[]> {
  // `any`: a table of the core, which no plugin of this composition names.
  const db = instance.as().db as any
  const rows = await db
    .selectFrom('changeJournal')
    .select('id')
    .where('position', '>', 0)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(({ id }: { id: string }) => id)
}

interface Storm {
  readonly reports: readonly Report[]
  rages(): boolean
  readonly over: Promise<unknown>
}

/** Processes that write; one of them is killed in the middle of it. */
function startStorm(database: SharedDatabase, shared: readonly string[]): Storm {
  const reports: Report[] = []
  let raging = true
  const writers = Array.from({ length: WRITERS }, (_, seed) =>
    write({ database, seed, transactions: TRANSACTIONS, shared }, { reports, dies: seed === WRITERS - 1 }),
  )
  const over = Promise.all(writers).finally(() => (raging = false))
  return { reports, over, rages: () => raging }
}

async function write(
  options: WriterOptions,
  { reports, dies }: { readonly reports: Report[]; readonly dies: boolean },
): Promise<void> {
  const child = startProgram(PROGRAM, options)
  const exited = once(child, 'exit')
  let lines = 0
  for await (const line of createInterface(child.stdout)) {
    reports.push(JSON.parse(line) as Report)
    if (dies && ++lines >= options.transactions / 2) child.kill('SIGKILL')
  }
  expect((await exited)[1]).toBe(dies ? 'SIGKILL' : null)
}

function keyOf(kind: string, ids: readonly string[], count: number): string {
  return count > 100 ? `${kind} of ${count}` : `${kind} ${ids.join()}`
}
