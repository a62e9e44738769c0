import { expect, test } from 'vitest'
import { parseInstant } from './types.ts'

test('instants are ISO-8601 with milliseconds, whatever zone and precision the server sends', () => {
  const instants = {
    '2026-01-31 09:30:00+00': '2026-01-31T09:30:00.000Z',
    '2026-01-31 09:30:00.1+00': '2026-01-31T09:30:00.100Z',
    '2026-01-31 09:30:00.123+00': '2026-01-31T09:30:00.123Z',
    '2026-01-31 09:30:00.123999+00': '2026-01-31T09:30:00.123Z',
    '2026-01-31 22:30:00.12+13': '2026-01-31T09:30:00.120Z',
    '2026-01-31 15:00:00+05:30': '2026-01-31T09:30:00.000Z',
    '2026-01-31 00:30:00.5-09': '2026-01-31T09:30:00.500Z',
  }
  for (const [sent, seen] of Object.entries(instants)) expect(parseInstant(sent)).toBe(seen)
})

test('an instant that has no ISO form is an error', () => {
  for (const sent of ['infinity', '31/01/2026 09:30:00 UTC']) {
    expect(() => parseInstant(sent)).toThrow(expect.objectContaining({ code: 'postgres.unreadable_instant' }))
  }
})
