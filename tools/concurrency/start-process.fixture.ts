import { monitorEventLoopDelay } from 'node:perf_hooks'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Storage, type Tx } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { COUNTED, type Task } from './task.ts'

const task = JSON.parse(process.argv[2]!) as Task
const instances = Array.from({ length: task.instances }, () =>
  createClientele({
    storage: openStorage(task),
    logger: silentLogger(),
    plugins: [customers(), inventory(), orders(), segments()],
    ...(task.file ? {} : { keys: `test:${Buffer.alloc(32, 7).toString('base64')}` }),
  }),
)
await Promise.all(instances.map((cdp) => cdp.start({ workers: false })))
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
await Promise.all(
  instances.map(async (cdp) => {
    for (let n = 0; n < task.writes; n++) await cdp.as().tx(countUp)
  }),
)
delay.disable()
await Promise.all(instances.map((cdp) => cdp.stop()))
process.stdout.write(JSON.stringify({ longestMs: Math.round(delay.max / 1e6) }))

async function countUp(t: Tx): Promise<void> {
  await t.lock(Customer, [COUNTED])
  const found = await t.repo(Customer).find(COUNTED)
  const count = Number(found?.traits['count'] ?? 0)
  if (found) await t.repo(Customer).patch(COUNTED, { traits: { count: count + 1 } })
}

function openStorage({ file, url, schema }: Task): Storage {
  if (file) return sqlite(file)
  return postgres({ url: url!, schema: schema!, max: 3 })
}
