/** Writes the pages of docs/reference that the packages themselves say: `npm run docs:reference`. */
import { writeFile } from 'node:fs/promises'
import { adminSdkPage, ADMIN_SDK_PAGE } from './admin-sdk-page.ts'
import { conditionsPage, CONDITIONS_PAGE } from './conditions-page.ts'
import { errorsPage, ERRORS_PAGE } from './errors-page.ts'

await writeFile(ERRORS_PAGE, await errorsPage())
await writeFile(CONDITIONS_PAGE, conditionsPage())
await writeFile(ADMIN_SDK_PAGE, adminSdkPage())
