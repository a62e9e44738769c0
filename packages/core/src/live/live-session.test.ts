import { expect, test } from 'vitest'
import type { JournalRow } from './journal.ts'
import { LiveSession } from './live-session.ts'

const options = { tenantId: 'acme', entities: new Set(['notes']), jobs: true, maxMs: 60_000 }

function rowAt(position: number, entity = 'notes'): JournalRow {
  const id = `00000000-0000-7000-8000-${String(position).padStart(12, '0')}`
  const written = { kind: 'insert', ids: [`row ${position}`], count: 1, origin: 'live' } as const
  return { id, position, tenantId: 'acme', entity, extension: null, ...written }
}

function idsOf(text: string): number[] {
  return [...text.matchAll(/^id: .*-(\d+)$/gm)].map((match) => Number(match[1]))
}

test('what is read from the journal and comes from the tail too is told once', async () => {
  const session = new LiveSession(options, rowAt(0))
  session.follow()
  for (const position of [2, 3, 4]) session.offer(rowAt(position))
  const replayed = session.textOf([1, 2, 3].map((position) => rowAt(position)))
  expect(idsOf(replayed + (await session.take()))).toEqual([1, 2, 3, 4])
  session.offer(rowAt(4))
  session.offer(rowAt(5))
  expect(idsOf(await session.take())).toEqual([5])
})

test('rows of one position follow each other by id', () => {
  const session = new LiveSession(options, rowAt(0))
  const [a, b] = [rowAt(1), { ...rowAt(2), position: 1 }]
  expect(idsOf(session.textOf([a, b, a]))).toEqual([1, 2])
})

test('a client that reads too slowly costs a thousand rows, then it goes back to the journal', async () => {
  const session = new LiveSession(options, rowAt(0))
  session.follow()
  for (let position = 1; position <= 1_000; position++) session.offer(rowAt(position))
  expect(session.behind).toBe(false)
  session.offer(rowAt(1_001))
  expect(session.behind).toBe(true)
  expect(await session.take()).toBe('')
  expect(session.at.position).toBe(0)
})

test('of a job only the last state is kept', async () => {
  const session = new LiveSession(options, rowAt(0))
  session.follow()
  const job = { id: 'j', name: 'n', state: 'running', attempt: 1, total: 9 } as const
  session.offerJob({ ...job, done: 1 })
  session.offerJob({ ...job, done: 2 })
  expect((await session.take()).match(/"done":\d/g)).toEqual(['"done":2'])
})

test('rows of entities that were not asked for move the position on in silence', () => {
  const session = new LiveSession(options, rowAt(0))
  expect(session.textOf([rowAt(1, 'secrets')])).toBe('')
  expect(idsOf(session.movedOn())).toEqual([1])
  expect(session.movedOn()).toBe('')
})

test('whoever waits is woken by the end', async () => {
  const session = new LiveSession(options, rowAt(0))
  session.follow()
  const taken = session.take()
  session.end()
  expect(await taken).toBe('')
})
