/** Makes the SQLite data set, beside the process that fills PostgreSQL. */
import { fillSqlite } from './segments/open-sqlite.ts'

const [file, ...counts] = process.argv.slice(2)
const [customers = 0, orders = 0, events = 0] = counts.map(Number)
await fillSqlite(file!, { customers, orders, events })
