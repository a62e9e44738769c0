import { sqlite } from '@clientele/adapter-sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClientele, silentLogger } from '../index.ts'
import { backedUp, Entry } from './backed-up.fixture.ts'

/**
 * A process that writes to the database named by its argument, a transaction for each entry, up to 200 a second. It says
 * the number of each entry once it is committed, and how many milliseconds that took.
 */
const cdp = createClientele({
  storage: sqlite(process.argv[2]!),
  plugins: [backedUp()],
  logger: silentLogger(),
})
await cdp.start({ workers: false })
let n = 0
for (;;) {
  const startedAt = performance.now()
  const entry = { n: ++n, text: 'x'.repeat(200) }
  await cdp.as().tx((t) => t.repo(Entry).insert(entry))
  process.stdout.write(`${n} ${(performance.now() - startedAt).toFixed(2)}\n`)
  await sleep(Math.max(0, 5 - (performance.now() - startedAt)))
}
