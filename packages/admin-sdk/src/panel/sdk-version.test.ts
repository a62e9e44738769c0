import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SDK_VERSION } from './sdk-version.ts'

test('the SDK says of itself the version of its package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(SDK_VERSION).toBe(version)
})
