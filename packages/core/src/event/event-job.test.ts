import { expect, test } from 'vitest'
import * as z from 'zod'
import { defineDomainEvent, type EventEnvelope } from './domain-event.ts'
import { lifted } from './event-job.ts'

const Paid = defineDomainEvent(
  'shop.paid',
  z.object({ total: z.object({ amount: z.int(), currency: z.string() }) }),
  {
    version: 3,
    upcast: {
      1: (payload: { euros: number }) => ({ cents: payload.euros * 100 }),
      2: (payload: { cents: number }) => ({ total: { amount: payload.cents, currency: 'EUR' } }),
    },
  },
)

function announced(version: number, payload: unknown): EventEnvelope<unknown> {
  return { version, payload } as EventEnvelope<unknown>
}

test('an old payload is lifted version by version', () => {
  const lift = lifted(Paid, announced(1, { euros: 7 }))
  expect(lift).toEqual({ version: 3, payload: { total: { amount: 700, currency: 'EUR' } } })
})

test('a payload of today is left as it is', () => {
  const payload = { total: { amount: 1, currency: 'EUR' } }
  expect(lifted(Paid, announced(3, payload)).payload).toEqual(payload)
})

test('a version that nothing lifts says what to add', () => {
  const Old = defineDomainEvent('shop.paid', z.object({}), { version: 2 })
  expect(() => lifted(Old, announced(1, {}))).toThrow('add upcast[1]')
})

test('a version of a newer process waits for a worker that knows it', () => {
  expect(() => lifted(Paid, announced(4, {}))).toThrow('by a newer process')
})
