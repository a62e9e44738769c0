import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { browserBundle } from './browser-bundle.ts'

const LIMIT = 3 * 1024

test(`the client is less than ${LIMIT} bytes in a browser, and all its own`, async () => {
  const { code, sources } = await browserBundle(`export * from '@clientele/core/client'`)
  expect(gzipSync(code, { level: 9 }).byteLength).toBeLessThan(LIMIT)
  expect(sources.filter((source) => !source.startsWith('packages/core/src/client/'))).toEqual([])
})
