import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clientele, Ctx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { Segments } from '@clientele/plugin-segments'
import { newDatabase } from '@clientele/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { flawsOf } from './world.fixture.ts'
import { segmentsInstance, type WriterOptions, type WriterReport } from './writer-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'writer-process.fixture.ts')
const LONG = process.env['CLIENTELE_LONG'] === '1'
const TIMEOUT = LONG ? 1_200_000 : 300_000
const [PROCESSES, WRITERS] = [3, 20]
const WORK = { writes: LONG ? 20 : 5, definitions: LONG ? 40 : 10, seconds: LONG ? 60 : 0 }

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test(
    'three processes write facts while segments come, change and go: in the end every one is exact',
    async () => {
      const database = await newDatabase(kind)
      const cdp = await started({ database })
      const ids = await people(cdp.as().ctx, 200)
      const reports = await Promise.all(
        Array.from({ length: PROCESSES }, (_, seed) =>
          write({ database, seed, ids, writers: WRITERS, ...WORK }),
        ),
      )
      const { compared, flaws } = await settled(cdp)
      expect(flaws).toEqual([])
      expect(compared).toBeGreaterThan(0)
      const sum = (of: keyof WriterReport): number => reports.reduce((total, one) => total + one[of], 0)
      expect(sum('writes')).toBeGreaterThanOrEqual(PROCESSES * WRITERS * WORK.writes)
      expect(sum('definitions')).toBeGreaterThanOrEqual(PROCESSES * WORK.definitions)
      console.log(
        `${kind}: ${sum('writes')} writes, ${sum('definitions')} definitions, ${sum('refused')} refused`,
      )
    },
    TIMEOUT,
  )

  test(
    'a recompute whose process is killed goes on where it was, and ends exact',
    async () => {
      const database = await newDatabase(kind)
      const cdp = await started({ database })
      const ctx: Ctx = cdp.as().ctx
      const ids = await people(ctx, LONG ? 50_000 : 6000)
      const condition = { type: 'activity', field: 'eventCount', operator: 'lt', value: 1 }
      const { id } = await ctx.tx((t) => t.get(Segments).create(t, { name: 'Quiet', condition }))
      const child = startWriter({
        ...{ database, seed: 1, ids: ids.slice(0, 20), writers: 1, writes: 0, definitions: 0, seconds: 600 },
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      const runOf = async () =>
        ctx.db.selectFrom('segmentRuns').selectAll().where('segmentId', '=', id).executeTakeFirstOrThrow()
      while (((await runOf())['done'] as number) === 0) await sleep(5)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const killed = await runOf()
      const { flaws } = await settled(cdp)
      expect(flaws).toEqual([])
      const over = await runOf()
      expect(over).toMatchObject({ id: killed['id'], state: 'done' })
      // Nobody was looked at twice.
      expect(over['done']).toBeLessThanOrEqual(ids.length + 600)
    },
    TIMEOUT,
  )
})

/** Works on jobs until nothing is left of them, and compares; an edge of a window may lie right between the two. */
async function settled(cdp: Clientele<any>): Promise<Awaited<ReturnType<typeof flawsOf>>> {
  for (let attempt = 1; ; attempt++) {
    await cdp.runJobs()
    const found = await flawsOf(cdp.as().ctx)
    const isBusy = found.flaws.some(({ name }) => name.endsWith('is computing'))
    if (found.flaws.length === 0 || attempt >= (isBusy ? 60 : 3)) return found
    await sleep(500)
  }
}

async function started(options: Pick<WriterOptions, 'database'>): Promise<Clientele<any>> {
  const cdp = segmentsInstance(options) as unknown as Clientele<any>
  onTestFinished(() => cdp.stop())
  await cdp.start({ workers: false })
  return cdp
}

async function people(ctx: Ctx, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const rows = Array.from({ length: 500 }, (_, n) => ({ country: ['BR', 'PT', null][n % 3]! }))
    const some = rows.slice(0, count - ids.length)
    ids.push(...(await ctx.tx((t) => t.repo(Customer).insertMany(some))).map(({ id }) => id))
  }
  return ids
}

function startWriter(options: WriterOptions): ChildProcess {
  return spawn(process.execPath, ['--conditions=@clientele/source', PROGRAM, JSON.stringify(options)])
}

async function write(options: WriterOptions): Promise<WriterReport> {
  const child = startWriter(options)
  let [out, complaints] = ['', '']
  child.stdout!.on('data', (chunk) => (out += String(chunk)))
  child.stderr!.on('data', (chunk) => (complaints += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  expect(complaints).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as WriterReport
}
