import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { adminSdkPage, ADMIN_SDK_PAGE, sdkExports } from './admin-sdk-page.ts'

test('the reference lists exactly what the admin SDK exports', async () => {
  expect(await readFile(ADMIN_SDK_PAGE, 'utf8')).toBe(adminSdkPage())
})

test('everything that the admin SDK exports says what it is for', () => {
  const all = sdkExports()
  expect(all.length).toBeGreaterThan(80)
  expect(all.filter(({ summary }) => summary === '').map(({ name }) => name)).toEqual([])
  for (const { name } of all) expect(adminSdkPage()).toContain(`\`${name}\``)
})
