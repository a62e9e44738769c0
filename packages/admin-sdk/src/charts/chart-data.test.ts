import { expect, test } from 'vitest'
import { labelStep, placedLabels, scaleOf, shortened, stacked } from './chart-data.ts'

test('a scale has round lines, holds every value, and zero', () => {
  expect(scaleOf([3, 17, 42])).toEqual({ min: 0, max: 60, ticks: [0, 20, 40, 60] })
  expect(scaleOf([-5, 12])).toEqual({ min: -5, max: 15, ticks: [-5, 0, 5, 10, 15] })
  expect(scaleOf([-8])).toEqual({ min: -8, max: 0, ticks: [-8, -6, -4, -2, 0] })
  expect(scaleOf([0.1, 0.3]).ticks).toEqual([0, 0.1, 0.2, 0.3])
  expect(scaleOf([0, 0])).toEqual({ min: 0, max: 0.5, ticks: [0, 0.5] })
  expect(scaleOf([])).toEqual({ min: 0, max: 0.5, ticks: [0, 0.5] })
})

test('random values lie within their scale, which has few lines', () => {
  for (let seed = 1; seed < 500; seed++) {
    const values = [1, 2, 3].map((n) => Math.sin(seed * n) * 10 ** ((seed * n) % 9))
    const { min, max, ticks } = scaleOf(values)
    expect(min).toBeLessThanOrEqual(Math.min(0, ...values) + 1e-6)
    expect(max).toBeGreaterThanOrEqual(Math.max(0, ...values) - 1e-6)
    expect(ticks.length).toBeGreaterThan(1)
    expect(ticks.length).toBeLessThan(9)
  }
})

test('what goes down is stacked below what goes up', () => {
  const series = [
    { name: 'a', values: [2, -1, null] },
    { name: 'b', values: [3, -2, 4] },
  ]
  expect(stacked(series, 3)).toEqual([
    [
      [0, 2],
      [0, -1],
      [0, 0],
    ],
    [
      [2, 5],
      [-1, -3],
      [0, 4],
    ],
  ])
})

test('labels leave each other room', () => {
  expect(labelStep(10, 800, 5)).toBe(1)
  expect(labelStep(365, 800, 6)).toBeGreaterThan(20)
  expect(shortened('A long name of a country', 8)).toBe('A long …')
})

test('no label stands on another or outside, however long they are and whichever way they run', () => {
  for (let count = 1; count < 60; count++)
    for (const length of [1, 5, 12, 18, 40])
      for (const place of [
        (at: number) => (900 * at) / Math.max(1, count - 1),
        (at: number) => 900 - (900 * at) / Math.max(1, count - 1),
        (at: number) => (900 * (at + 0.5)) / count,
      ]) {
        const labels = Array.from({ length: count }, (_, at) => String(at).padStart(length, 'x'))
        const placed = placedLabels(labels, 900, place)
        expect(placed[0]?.text.startsWith(labels[0]!.slice(0, 3))).toBe(true)
        const spans = placed
          .map(({ text, middle }) => [middle - text.length * 3.5, middle + text.length * 3.5] as const)
          .toSorted(([a], [b]) => a - b)
        for (const [at, [left, right]] of spans.entries()) {
          expect(left).toBeGreaterThanOrEqual(at === 0 ? 0 : spans[at - 1]![1] + 1)
          expect(right).toBeLessThanOrEqual(900)
        }
      }
})

test('bars with room for their labels keep all of them', () => {
  const placed = placedLabels(['Jan', 'Feb', 'Mar', 'Apr'], 400, (at) => 50 + 100 * at)
  expect(placed.map(({ text }) => text)).toEqual(['Jan', 'Feb', 'Mar', 'Apr'])
  const long = Array.from({ length: 4 }, (_, at) => `${at} is a name that is far too long for its bar`)
  expect(placedLabels(long, 600, (at) => 75 + 150 * at)).toHaveLength(4)
})
