import { fileURLToPath } from 'node:url'
import { TenantSettings, type Storage } from '@clientele/core'
import { saveExampleSegments } from './example-segments.ts'
import { importFile } from './online-retail/import-file.ts'
import { createProgress } from './progress.ts'
import type { Shop } from './shop.ts'

/** The first quarter of the Online Retail rows, see data/README.md. */
export const EXAMPLE_DATA: string = fileURLToPath(
  new URL('../data/online-retail-quarter.csv.gz', import.meta.url),
)

const SHOP_NAME = 'Online Retail'

/** Fills an empty shop with the example's data; a start that was interrupted in the midst of it goes on with it. */
export async function fillOnFirstRun(shop: Shop, storage: Storage, signal: AbortSignal): Promise<void> {
  const { ctx, api } = shop.as()
  // The name is given last, so it tells whether all the rest is there; whoever renames the shop keeps it filled.
  const { name } = await ctx.settings(TenantSettings)
  if (name !== TenantSettings.schema.parse({}).name) return
  const progress = createProgress('importing a real shop’s orders')
  try {
    await importFile(shop, storage, EXAMPLE_DATA, { onProgress: progress.update, signal })
  } finally {
    progress.end()
  }
  await saveExampleSegments(shop, signal)
  await api.core.updateSettings({ params: { name: 'tenant' }, body: { name: SHOP_NAME } })
}
