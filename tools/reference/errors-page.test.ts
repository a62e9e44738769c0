import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { errorsPage, ERRORS_PAGE } from './errors-page.ts'

test('the reference lists exactly the errors that the packages declare', async () => {
  expect(await readFile(ERRORS_PAGE, 'utf8')).toBe(await errorsPage())
})
