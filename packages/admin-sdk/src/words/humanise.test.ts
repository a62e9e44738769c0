import { expect, test } from 'vitest'
import { humanise } from './humanise.ts'

test.for([
  ['firstSeenAt', 'First seen at'],
  ['order_paid', 'Order paid'],
  ['saved-views', 'Saved views'],
  ['trial2Ends', 'Trial2 ends'],
  ['', ''],
] as const)('%s is read as %s', ([name, read]) => {
  expect(humanise(name)).toBe(read)
})
