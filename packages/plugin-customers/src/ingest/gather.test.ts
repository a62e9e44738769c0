import { expect, test } from 'vitest'
import { Gatherer } from './gather.ts'

const open = (most = 3) => {
  const groups: number[][] = []
  const gates: (() => void)[] = []
  const state = { done: 0 }
  const gatherer = new Gatherer<number, string>(
    async (inputs) => {
      groups.push([...inputs])
      await new Promise<void>((resolve) => gates.push(resolve))
      if (inputs.includes(13)) throw new Error(`not ${inputs.join()}`)
      return inputs.map(String)
    },
    { most, done: () => void state.done++ },
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
  await Promise.resolve()
  expect(state.done).toBe(1)
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
