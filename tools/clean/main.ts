/** Removes what a build wrote, so that a file whose source is gone is never packed. */
import { globSync, rmSync } from 'node:fs'

for (const folder of globSync('packages/*/dist')) rmSync(folder, { recursive: true, force: true })
