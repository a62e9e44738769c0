/** Makes the SQLite data set, beside the process that fills PostgreSQL. */
import { fillSqlite } from './segments/open-sqlite.ts'

const [file, customers, orders] = process.argv.slice(2)
await fillSqlite(file!, { customers: Number(customers), orders: Number(orders) })
