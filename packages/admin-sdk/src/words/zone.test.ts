import { expect, test } from 'vitest'
import { dayIn, instantOf, wallTime } from './zone.ts'

const BERLIN = 'Europe/Berlin'

test('an instant and what the clocks show lead to each other', () => {
  expect(wallTime('2026-01-15T11:30:00.000Z', BERLIN)).toBe('2026-01-15T12:30')
  expect(instantOf('2026-01-15T12:30', BERLIN)).toBe('2026-01-15T11:30:00.000Z')
  expect(instantOf('2026-07-01', BERLIN)).toBe('2026-06-30T22:00:00.000Z')
  expect(instantOf('2026-07-01', 'Asia/Kathmandu')).toBe('2026-06-30T18:15:00.000Z')
})

test('a time that the clocks leave out is as much later, one that comes twice is the first', () => {
  expect(instantOf('2026-03-29T02:30', BERLIN)).toBe('2026-03-29T01:30:00.000Z')
  expect(instantOf('2026-10-25T02:30', BERLIN)).toBe('2026-10-25T00:30:00.000Z')
})

test('hours all over a year in zones with odd clocks comes back as it was', () => {
  for (const zone of [
    BERLIN,
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'America/Sao_Paulo',
  ])
    for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += 7 * 3_600_000) {
      const wall = wallTime(new Date(time).toISOString(), zone)
      expect(wallTime(instantOf(wall, zone), zone)).toBe(wall)
    }
})

test('today is the day of the zone', () => {
  const now = Date.parse('2026-05-01T23:30:00Z')
  expect(dayIn('America/Sao_Paulo', 0, now)).toBe('2026-05-01')
  expect(dayIn('Asia/Tokyo', 0, now)).toBe('2026-05-02')
  expect(dayIn('Asia/Tokyo', -7, now)).toBe('2026-04-25')
})
