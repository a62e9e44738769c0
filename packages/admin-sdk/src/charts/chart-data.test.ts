import { expect, test } from 'vitest'
import { labelStep, scaleOf, shortened, stacked } from './chart-data.ts'

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
