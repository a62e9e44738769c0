import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SDK_VERSION } from './sdk-version.ts'

test('the server knows the version of the SDK that the shell is built from', async () => {
  const path = fileURLToPath(import.meta.resolve('@clientele/admin-sdk/package.json'))
  const { version } = JSON.parse(await readFile(path, 'utf8'))
  expect(SDK_VERSION).toBe(version)
})
