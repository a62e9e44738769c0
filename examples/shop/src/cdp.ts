/** The shop for the command line: `npm run clientele -- doctor`. It starts nothing. */
import { DEFAULT_DATABASE, openDatabase } from './database.ts'
import { createShop, type Shop } from './shop.ts'

const { storage, keys } = openDatabase(process.env['DATABASE_URL'] || DEFAULT_DATABASE)

export const cdp: Shop = createShop(storage, { keys }).shop
