import { expect, test } from 'vitest'
import { isoTime } from './iso-time.ts'

test('an instant reads as Date.toISOString writes it, in every year a Date can have', () => {
  const limit = 8.64e15
  const edges = [
    0, -1, 951_782_400_000, 951_868_799_999, 253_402_300_799_999, 253_402_300_800_000, -62_167_219_200_001,
  ]
  const spread = Array.from({ length: 2000 }, (_, i) => Math.floor(-limit + (2 * limit * i) / 1999))
  const recent = Array.from({ length: 2000 }, (_, i) => 1_700_000_000_000 + i * 7_654_321)
  for (const ms of [...edges, ...spread, ...recent]) expect(isoTime(ms)).toBe(new Date(ms).toISOString())
})
