import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { Gatherer } from './gather.ts'

const FOREVER = 2 ** 31 - 1

const open = ({ most = 3, patienceMs = FOREVER } = {}) => {
  const groups: number[][] = []
  const gates: (() => void)[] = []
  const state = { done: 0 }
  const gatherer = new Gatherer<number, string>(
    async (inputs) => {
      groups.push([...inputs])
      await new Promise<void>((resolve) => gates.push(resolve))
      if (inputs.includes(13)) throw new Error(`not ${inputs.join()}`)
      if (inputs.includes(99)) throw new Error('away')
      return inputs.map(String)
    },
    {
      ...{ most, patienceMs, done: () => void state.done++ },
      isForAll: (error) => (error as Error).message === 'away',
    },
  )
  const next = async () => {
    while (gates.length === 0) await Promise.resolve()
    gates.shift()!()
  }
  return { gatherer, groups, next, state }
}

test('the first waits for nobody, and what comes meanwhile goes together', async () => {
  const { gatherer, groups, next, state } = open()
  const answers = [1, 2, 3, 4, 5].map((n) => gatherer.add(n))
  expect(groups).toEqual([[1]])
  for (let n = 0; n < 3; n++) await next()
  expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4', '5'])
  expect(groups).toEqual([[1], [2, 3, 4], [5]])
  await expect.poll(() => state.done).toBe(1)
})

test('one that fails fails alone', async () => {
  const { gatherer, groups, next } = open()
  const answers = Promise.allSettled([1, 2, 13, 3].map((n) => gatherer.add(n)))
  for (let n = 0; n < 5; n++) await next()
  expect((await answers).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(groups).toEqual([[1], [2, 13, 3], [2], [13], [3]])
})

test('what fails for all is told to all at once', async () => {
  const { gatherer, groups, next } = open()
  const answers = Promise.allSettled([1, 2, 99, 3, 4].map((n) => gatherer.add(n)))
  for (let n = 0; n < 3; n++) await next()
  expect((await answers).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(groups).toEqual([[1], [2, 99, 3], [4]])
})

test('a group that is stuck holds up nobody who comes after it', async () => {
  const stuck = Promise.withResolvers<void>()
  const gatherer = new Gatherer<number, number>(
    async (inputs) => {
      if (inputs.includes(0)) await stuck.promise
      return inputs
    },
    { most: 3, patienceMs: 1, isForAll: () => false, done: () => {} },
  )
  const first = gatherer.add(0)
  expect(await Promise.all([1, 2, 3, 4].map((n) => gatherer.add(n)))).toEqual([1, 2, 3, 4])
  stuck.resolve()
  expect(await first).toBe(0)
})

test('a group runs on behalf of one of its own, whoever came before', async () => {
  const asking = new AsyncLocalStorage<number>()
  const seen: (number | undefined)[] = []
  const gatherer = new Gatherer<number, null>(
    async (inputs) => {
      await Promise.resolve()
      seen.push(asking.getStore())
      return inputs.map(() => null)
    },
    { most: 2, patienceMs: FOREVER, isForAll: () => false, done: () => {} },
  )
  await Promise.all([1, 2, 3, 4].map((n) => asking.run(n, () => gatherer.add(n))))
  expect(seen).toEqual([1, 2, 4])
})
