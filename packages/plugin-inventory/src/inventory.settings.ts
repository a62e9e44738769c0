import { defineSettings } from '@clientele/core'
import * as z from 'zod'

/** How a tenant keeps its stock. */
export const InventorySettings = defineSettings(
  'inventory',
  z.object({
    lowStockAt: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(5)
      .describe('Stock at or below it is low, for products that say nothing themselves'),
  }),
)
