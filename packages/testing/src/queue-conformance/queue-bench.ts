import {
  col,
  createClientele,
  defineEntity,
  definePlugin,
  defineJob,
  handleJob,
  silentLogger,
  type Clientele,
  type Job,
  type JobCtx,
  type JobOptions,
  type JobsOptions,
  type Migration,
  type QueueDriver,
} from '@clientele/core'
import * as z from 'zod'
import type { QueueConformanceTarget } from '../queue-conformance.ts'
import { testClock, type TestClock } from '../test-clock.ts'

/** What a job under test leaves behind. */
export const Effect = defineEntity('conformanceEffects', { label: col.text() })

const createEffects: Migration = {
  async up(m) {
    await m.createTable({ name: 'conformanceEffects', columns: { label: col.text() } })
  },
  async down(m) {
    await m.dropTable('conformanceEffects')
  },
}

export interface BenchOptions {
  /** Processes on the database, each an instance of its own. @default 1 */
  readonly nodes?: number
  readonly job?: JobOptions
  readonly jobs?: JobsOptions
  /** Nodes that work by themselves, instead of leaving the work to `runJobs`. @default none */
  readonly workers?: readonly number[]
}

export type BenchJob = Job<{ label: string }>

/** What a run of the job does. */
export type Work = (run: {
  readonly label: string
  readonly ctx: JobCtx
  readonly node: number
}) => Promise<void> | void

/** Instances of several tenants on one database and one clock, with one job whose work the test says. */
export interface QueueBench {
  readonly clock: TestClock
  readonly nodes: readonly Clientele[]
  /** The first node. */
  readonly node: Clientele
  readonly job: BenchJob
  /** Whether several transactions write at once. */
  readonly concurrentWriters: boolean
  /** Labels in the order their runs began. */
  readonly began: string[]
  /** How often each node heard a hint. */
  readonly hints: number[]
  /** Says what runs do from now on. @default nothing */
  readonly work: (work: Work) => void
  readonly enqueue: (...labels: readonly string[]) => Promise<void>
  /** The jobs in the database, whoever they belong to. */
  readonly stored: () => Promise<{ state: string; lastError: string | null }[]>
  readonly close: () => Promise<void>
}

export async function openQueueBench(
  target: QueueConformanceTarget,
  options: BenchOptions,
  driver?: () => QueueDriver,
): Promise<QueueBench> {
  const clock = testClock('2026-01-15T12:00:00.000Z')
  const job = defineJob('conformance.run', z.object({ label: z.string() }), options.job)
  const began: string[] = []
  const hints: number[] = []
  let work: Work = () => {}
  const nodes: Clientele[] = []
  for (let node = 0; node < (options.nodes ?? 1); node++) {
    const handler = handleJob(job, async ({ label }, ctx) => {
      began.push(label)
      await work({ label, ctx, node })
    })
    hints.push(0)
    const heard = driver && counting(driver(), () => void hints[node]!++)
    nodes.push(compose(target, handler, clock, { ...options.jobs, ...(heard ? { driver: heard } : {}) }))
    await nodes[node]!.start({ workers: options.workers?.includes(node) ?? false })
  }
  const [node] = nodes as [Clientele]
  const reader = target.storage()
  await reader.open({ logger: silentLogger(), clock, columnType: () => 'text' })
  return {
    clock,
    nodes,
    node,
    job,
    concurrentWriters: reader.capabilities.concurrentWriters,
    began,
    hints,
    work: (next) => void (work = next),
    enqueue: (...labels) =>
      node.as({ tenantId: 'acme' }).tx(async (t) => {
        for (const label of labels) await t.enqueue(job, { label })
      }),
    stored: () =>
      reader.read({ tenantId: '*' }, async (connection) => {
        const { rows } = await connection.execute({
          sql: 'select state, last_error from clientele_jobs',
          parameters: [],
        })
        return rows as { state: string; lastError: string | null }[]
      }),
    async close() {
      await Promise.all(nodes.map((one) => one.stop({ graceMs: 0 })))
      await reader.close()
    },
  }
}

function compose(
  target: QueueConformanceTarget,
  handler: ReturnType<typeof handleJob<{ label: string }>>,
  clock: TestClock,
  jobs: JobsOptions,
): Clientele {
  const plugin = definePlugin({
    id: 'conformance',
    version: '1.0.0',
    requires: { core: '*' },
    entities: [Effect],
    migrations: { '0001-effects': createEffects },
    jobs: [handler],
  })
  return createClientele({
    storage: target.storage(),
    tenancy: { mode: 'multi' },
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    clock,
    jobs,
    plugins: [plugin()],
  })
}

function counting(driver: QueueDriver, heard: () => void): QueueDriver {
  return {
    id: driver.id,
    announce: (names) => driver.announce(names),
    listen: (wake) =>
      driver.listen((names) => {
        heard()
        wake(names)
      }),
  }
}

/** Waits until something is so; the test's own timeout is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** A promise that the test resolves. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
