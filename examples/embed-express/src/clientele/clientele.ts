import { createClientele, jsonLogger, type Logger } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import type { Database } from '../host/database.ts'
import { receipts } from './receipts.ts'
import { shopAccess } from './shop-access.ts'

export type Cdp = ReturnType<typeof createCdp>

/** Clientele in the shop's database, behind the shop's sign-in. */
export function createCdp(
  database: Database,
  sendReceipt: (email: string, orderId: string) => Promise<void>,
  logger: Logger = jsonLogger({ level: 'warn' }),
) {
  return createClientele({
    storage: database.storage,
    authenticators: [shopAccess(database.sql)],
    plugins: [customers(), inventory(), orders(), segments(), receipts(sendReceipt)],
    logger,
  })
}
