import { admin } from '@clientele/admin'
import { createClientele, devAccess, jsonLogger, type Clientele, type Storage } from '@clientele/core'
import { audit } from '@clientele/plugin-audit'
import { auth } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { consoleMails } from './console-mails.ts'

const plugins = [
  auth({ registration: 'open', appName: 'Shop' }),
  audit(),
  customers(),
  inventory(),
  orders(),
  segments(),
  admin(),
] as const

/** The composed platform of this example. */
export type Shop = Clientele<typeof plugins>

export interface ShopOptions {
  /** The key ring. @default as `createClientele` finds it */
  readonly keys?: string | undefined
  /** Where people reach it: in its cookies, tokens and mails. @default http://localhost:3000 */
  readonly baseUrl?: string
}

/** The composition: which storage, which plugins, who may call. The rest of the example is an importer and a screen. */
export function createShop(
  storage: Storage,
  { keys, baseUrl = 'http://localhost:3000' }: ShopOptions = {},
): { shop: Shop; token: string } {
  const access = devAccess()
  const shop = createClientele({
    storage,
    plugins,
    // For those who only look around; people with an account come in by auth().
    authenticators: [access],
    mail: { transport: consoleMails(), baseUrl },
    api: { title: 'Shop' },
    // Problems only: the example prints what a person wants to know.
    logger: jsonLogger({ level: 'error' }),
    ...(keys === undefined ? {} : { keys }),
  })
  return { shop, token: access.token }
}
