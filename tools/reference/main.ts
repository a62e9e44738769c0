/** Writes docs/reference/errors.md from the packages' error tables: `npm run docs:reference`. */
import { writeFile } from 'node:fs/promises'
import { errorsPage, ERRORS_PAGE } from './errors-page.ts'

await writeFile(ERRORS_PAGE, await errorsPage())
