import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Sources } from '@clientele/plugin-customers'
import { newDatabase, temporaryFolder } from '@clientele/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ingestInstance, type IngestOptions } from './ingest-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'ingest-process.fixture.ts')
const LONG = process.env['CLIENTELE_LONG'] === '1'

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('events that were answered as taken are there once, however often their server is killed', async () => {
    const options = { database: await newDatabase(kind) }
    const writeKey = await newSource(options)
    const kills = LONG ? 20 : 3
    let server = await start(options)
    const run = { isOver: false }
    const answered = { accepted: 0, duplicate: 0, unanswered: 0 }
    const taken: string[] = []
    // Each sends a batch until it is answered, then the next; people are shared between clients, and commits between
    // those who send few events.
    const clients = [20, 20, 20, 3, 2, 1].map(async (length) => {
      while (!run.isOver) {
        const batch = Array.from({ length }, () => eventOf(Math.floor(Math.random() * 40)))
        const result = await sendUntilAnswered(batch, { port: () => server.port, writeKey, answered })
        expect([result.accepted + result.duplicate, result.rejected]).toEqual([batch.length, []])
        answered.accepted += result.accepted
        answered.duplicate += result.duplicate
        taken.push(...batch.map(({ messageId }) => messageId))
      }
    })
    for (let n = 0; n < kills; n++) {
      await sleep(100 + Math.random() * 900)
      server.child.kill('SIGKILL')
      await once(server.child, 'exit')
      server = await start(options)
    }
    await sleep(200)
    run.isOver = true
    await Promise.all(clients)
    const found = await stateOf(options)
    expect(found.messageIds).toEqual(taken.toSorted())
    expectWhole(found)
    console.log(`${kind}: ${taken.length} events, ${kills} kills, ${JSON.stringify(answered)}`)
  }, 600_000)

  test('three processes that name the same people make each of them once', async () => {
    const options = { database: await newDatabase(kind) }
    await newSource(options)
    const people = 60
    const rounds = LONG ? 40 : 6
    const shared = Array.from({ length: people }, (_, person) => eventOf(person, 3))
    const own = (): object[][] =>
      Array.from({ length: rounds }, () => [
        // In an order of its own each time, and one event of which all processes have the same.
        ...shuffled(Array.from({ length: people }, (_, person) => eventOf(person))),
        ...shuffled(shared),
      ])
    const results = await Promise.all([0, 1, 2].map(() => ingestElsewhere(options, own())))

    const sum = (of: 'accepted' | 'duplicate'): number => results.reduce((total, one) => total + one[of], 0)
    expect([sum('accepted'), sum('duplicate')]).toEqual([
      3 * rounds * people + people,
      (3 * rounds - 1) * people,
    ])
    const found = await stateOf(options)
    expectWhole(found)
    expect(found.messageIds).toHaveLength(3 * rounds * people + people)
    expect(found.customers).toHaveLength(people)
  }, 300_000)
})

/** Names a person in one of four ways, so that customers are made by any of them and become one later. */
function eventOf(person: number, way = Math.floor(Math.random() * 4)) {
  return {
    type: 'identify',
    messageId: randomUUID(),
    ...(way === 0 ? {} : { userId: `u${person}` }),
    ...(way === 1 ? {} : { anonymousId: `browser-${person}` }),
    traits: {
      ...(way === 2 ? {} : { email: `p${person}@shop.example` }),
      round: Math.floor(Math.random() * 10),
    },
  }
}

/** What holds whoever wrote in which order: identifiers of one owner who is there, and counts of what is there. */
function expectWhole({ identities, customers, events, activities, messageIds }: State): void {
  expect(new Set(messageIds).size).toBe(messageIds.length)
  const names = identities.map(({ type, value }) => `${type} ${value}`)
  expect(new Set(names).size).toBe(names.length)
  const there = new Set(customers)
  expect(identities.filter(({ customerId }) => !there.has(customerId))).toEqual([])
  expect(new Set(identities.map(({ customerId }) => customerId)).size).toBe(customers.length)
  expect(activities.toSorted(byId)).toEqual(events.toSorted(byId))
}

type State = Awaited<ReturnType<typeof stateOf>>

async function stateOf(options: IngestOptions) {
  const instance = ingestInstance(options)
  onTestFinished(() => instance.stop())
  await instance.start({ workers: false })
  const { db } = instance.as().ctx
  const identities = await db.selectFrom('identities').select(['type', 'value', 'customerId']).execute()
  const customers = await db.selectFrom('customers').select('id').execute()
  const events = await db
    .selectFrom('events')
    .select((eb) => ['customerId as id', eb.fn.countAll<number>().as('eventCount')])
    .groupBy('customerId')
    .execute()
  const activities = await db
    .selectFrom('customerActivities')
    .innerJoin('customers', 'customers.id', 'customerActivities.id')
    .select(['customers.id', 'eventCount'])
    .execute()
  const messages = await db.selectFrom('events').select('messageId').execute()
  return {
    identities,
    customers: customers.map(({ id }) => id),
    events,
    activities,
    messageIds: messages.map(({ messageId }) => messageId).toSorted(),
  }
}

interface Result {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: readonly unknown[]
}

/** As an SDK does: the same batch, until somebody answers it. */
async function sendUntilAnswered(
  batch: readonly object[],
  to: { readonly port: () => number; readonly writeKey: string; readonly answered: { unanswered: number } },
): Promise<Result> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${to.port()}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-write-key': to.writeKey },
        body: JSON.stringify({ batch }),
      })
      const text = await response.text()
      if (response.status === 200) return JSON.parse(text) as Result
      // What an SDK sends again; any other answer would lose the batch.
      expect([429, 500, 503], text).toContain(response.status)
    } catch (error) {
      // Its server is gone.
      if (!(error instanceof TypeError)) throw error
    }
    to.answered.unanswered++
    await sleep(50)
  }
}

async function start(options: IngestOptions): Promise<{ child: ChildProcess; port: number }> {
  const child = launch(options)
  const [said] = (await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])) as [unknown]
  return { child, port: Number(String(said)) }
}

async function ingestElsewhere(
  options: IngestOptions,
  batches: readonly object[][],
): Promise<Omit<Result, 'rejected'>> {
  const file = join(await temporaryFolder(), 'batches.json')
  await writeFile(file, JSON.stringify(batches))
  const child = launch({ ...options, batches: file })
  let said = ''
  child.stdout!.on('data', (chunk) => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  return JSON.parse(said) as Result
}

function launch(options: IngestOptions): ChildProcess {
  const args = ['--conditions=@clientele/source', PROGRAM, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Makes the tables, too, so that killed processes do not leave that to each other. */
async function newSource(options: IngestOptions): Promise<string> {
  const instance = ingestInstance(options)
  await instance.start({ workers: false })
  const { writeKey } = await instance.as().tx((t) => t.get(Sources).create(t, { name: 'web' }))
  await instance.stop()
  return writeKey
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
