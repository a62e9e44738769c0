/** Works on jobs until one import is in a state; then says what it took. Killed at any moment, another goes on. */
import { contactsInstance } from '../../bench/transfer/contacts.ts'
import { storageOf, type Database } from './database.ts'

export interface RunTask {
  readonly database: Database
  readonly importId: string
  readonly until: 'done' | 'undone'
}

/** What a run tells on stdout, as JSON. */
export interface RunReport {
  readonly seconds: number
  readonly maxRssMb: number
}

const { database, importId, until } = JSON.parse(process.argv[2]!) as RunTask
const begun = performance.now()
const instance = contactsInstance(storageOf(database))
await instance.start()
const { api } = instance.as()
for (;;) {
  const { state, message } = await api.core.getImport({ params: { id: importId } })
  if (state === until) break
  if (state === 'failed') throw new Error(`The import failed: ${message}`)
  await new Promise((resolve) => setTimeout(resolve, 200))
}
const report: RunReport = {
  seconds: Math.round(performance.now() - begun) / 1000,
  maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
}
await instance.stop()
process.stdout.write(JSON.stringify(report))
