import { createClientele, devAccess, jsonLogger, type Clientele, type Storage } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'

const plugins = [customers(), inventory(), orders(), segments()] as const

/** The composed platform of this example. */
export type Shop = Clientele<typeof plugins>

export interface ShopOptions {
  /** The key ring. @default as `createClientele` finds it */
  readonly keys?: string | undefined
}

/** The composition: which storage, which plugins, who may call. The rest of the example is an importer and a screen. */
export function createShop(storage: Storage, { keys }: ShopOptions = {}): { shop: Shop; token: string } {
  const access = devAccess()
  const shop = createClientele({
    storage,
    plugins,
    authenticators: [access],
    api: { title: 'Shop' },
    // Problems only: the example prints what a person wants to know.
    logger: jsonLogger({ level: 'error' }),
    ...(keys === undefined ? {} : { keys }),
  })
  return { shop, token: access.token }
}
