import {
  createClientele,
  defineJob,
  definePlugin,
  handleJob,
  silentLogger,
  type Storage,
} from '@clientele/core'
import * as z from 'zod'
import { BATCH, inputOf, type Contender } from './contender.ts'

const input = z.object({ customerId: z.uuid(), step: z.number(), reason: z.string() })

/** Clientele's queue by its public face: jobs of one kind whose handler does nothing. */
export async function platformQueue(storage: Storage): Promise<Contender> {
  let ran = 0
  const job = defineJob('bench.step', input, { concurrency: BATCH })
  const plugin = definePlugin({
    id: 'bench',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [handleJob(job, async () => void ran++)],
  })
  const platform = createClientele({
    storage,
    plugins: [plugin()],
    keys: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    jobs: { batch: BATCH },
  })
  await platform.start({ workers: false })
  const { tx } = platform.as()
  return {
    async enqueue(count) {
      for (let done = 0; done < count; done += BATCH) {
        await tx(async (t) => {
          for (let n = done; n < done + BATCH; n++) await t.enqueue(job, inputOf(n))
        })
      }
    },
    async work() {
      ran = 0
      await platform.runJobs()
      return ran
    },
    close: () => platform.stop(),
  }
}
