import { expect, test } from 'vitest'
import { openTestStorage, rowsOf, system, hostClient } from './test-storage.fixture.ts'

const SLEEP = { sql: `select pg_sleep(600) as "a_long_sleep"`, parameters: [] }

test('aborting a running population statement ends it on the server and frees its connection', async () => {
  const { storage, schema } = await openTestStorage({ max: 2, populationMax: 1 })
  const admin = await hostClient()
  const sleeping = async () => {
    const { rows } = await admin.query(
      `select pid from pg_stat_activity where state = 'active' and query like '%a_long_sleep%' || $1 and pid <> pg_backend_pid()`,
      [''],
    )
    return rows.length
  }
  const stop = new AbortController()
  const running = storage.population(system, { ...SLEEP, sql: `${SLEEP.sql} -- ${schema}` }, stop.signal)
  running.catch(() => {})
  await expect.poll(sleeping).toBe(1)
  const reason = new Error('nobody waits any more')
  stop.abort(reason)
  await expect(running).rejects.toBe(reason)
  await expect.poll(sleeping).toBe(0)
  const again = await storage.population(system, { sql: 'select 1 as one', parameters: [] })
  expect(again.rows).toEqual([{ one: 1 }])
})

test('aborting a waiting population statement drops it', async () => {
  const { storage } = await openTestStorage({ max: 3, populationMax: 1 })
  const [first, second] = [new AbortController(), new AbortController()]
  const running = storage.population(system, SLEEP, first.signal)
  const waiting = storage.population(system, SLEEP, second.signal)
  const third = storage.population(system, { sql: 'select 3 as n', parameters: [] })
  running.catch(() => {})
  second.abort(new Error('second'))
  await expect(waiting).rejects.toThrow('second')
  first.abort(new Error('first'))
  await expect(running).rejects.toThrow('first')
  expect((await third).rows).toEqual([{ n: 3 }])
})

test('population statements leave connections to everybody else', async () => {
  const { storage } = await openTestStorage({ max: 2, populationMax: 1 })
  const stop = new AbortController()
  const running = [1, 2, 3].map(() => storage.population(system, SLEEP, stop.signal))
  const settled = Promise.allSettled(running)
  expect(await rowsOf(storage, 'select 1 as one')).toEqual([{ one: 1 }])
  stop.abort(new Error('enough'))
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})

test('a statement aborted before it starts never runs', async () => {
  const { storage } = await openTestStorage()
  const signal = AbortSignal.abort(new Error('too late'))
  await expect(storage.population(system, SLEEP, signal)).rejects.toThrow('too late')
})
