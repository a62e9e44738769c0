import { expect, test } from 'vitest'
import { untilFree } from './busy.ts'
import { Mutex } from './mutex.ts'

const busy = (): Error => Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })

test('a busy database is tried again until it is free', async () => {
  let attempts = 0
  const result = await untilFree(() => {
    if (++attempts < 4) throw busy()
    return 'done'
  }, 10_000)
  expect({ result, attempts }).toEqual({ result: 'done', attempts: 4 })
})

test('a database that stays busy ends in storage.busy with the cause', async () => {
  const cause = busy()
  const waiting = untilFree(() => {
    throw cause
  }, 20)
  await expect(waiting).rejects.toMatchObject({ code: 'storage.busy', cause })
})

test('other errors are not tried again', async () => {
  let attempts = 0
  const failing = untilFree(() => {
    attempts++
    throw new Error('no such table')
  }, 10_000)
  await expect(failing).rejects.toThrow('no such table')
  expect(attempts).toBe(1)
})

test('a mutex serves in order, and who waited too long does not get it later', async () => {
  const mutex = new Mutex()
  const order: string[] = []
  const release = await mutex.acquire()
  const impatient = mutex.acquire(5)
  const served = async (name: string): Promise<void> => {
    const give = await mutex.acquire(10_000)
    order.push(name)
    give()
  }
  const patient = served('patient')
  await expect(impatient).rejects.toMatchObject({ code: 'storage.busy' })
  const last = served('last')
  release()
  await Promise.all([patient, last])
  expect(order).toEqual(['patient', 'last'])
})
