import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newDatabase, seededRandom } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { kill, startProgram, type Program } from '../kernel/program.fixture.ts'
import { tickingInstance } from './schedule-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'schedule-process.fixture.ts')
const PROCESSES = 8
const LONG = Boolean(process.env['CLIENTELE_LONG'])
/** Seconds that fire, and processes that are killed meanwhile. */
const { instants, kills } = LONG ? { instants: 120, kills: 60 } : { instants: 6, kills: 4 }

test.each(['sqlite', 'postgres'] as const)(
  'a schedule under 8 processes that are killed and started again fires once per instant, on %s',
  async (kind) => {
    const database = await newDatabase(kind)
    const reader = tickingInstance(database)
    onTestFinished(() => reader.stop())
    await reader.start({ workers: false })
    const random = seededRandom(8)
    const running = Array.from({ length: PROCESSES }, () => startProgram(PROGRAM, database))
    for (let killed = 0, seen = 0; killed < kills || seen < instants;) {
      await pause(100 + random.number() * 400)
      seen = new Set((await ticksOf(reader)).map(({ instant }) => instant)).size
      // The first kill only when one of them works: until then they start.
      if (seen === 0 || killed >= kills) continue
      await kill(running.splice(Math.floor(random.number() * PROCESSES), 1)[0]!)
      running.push(startProgram(PROGRAM, database))
      killed++
    }
    await killAll(running)
    await runAllJobs(reader)

    const fired = (await ticksOf(reader))
      .map(({ instant }) => Date.parse(instant) / 1000)
      .toSorted((a, b) => a - b)
    expect(fired.length).toBeGreaterThanOrEqual(instants)
    expect(fired).toEqual(fired.map((_, index) => fired[0]! + index))
  },
  LONG ? 600_000 : 180_000,
)

async function killAll(children: readonly Program[]): Promise<void> {
  await Promise.all(children.map(kill))
}

type Reader = ReturnType<typeof tickingInstance>

async function ticksOf(reader: Reader): Promise<readonly { readonly instant: string }[]> {
  return reader.as().db.selectFrom('ticks').select('instant').execute()
}

/** Also those whose worker was killed: their leases expire. */
async function runAllJobs(reader: Reader): Promise<void> {
  const left = (): Promise<unknown[]> =>
    reader.as().db.selectFrom('jobs').select('id').where('state', '=', 'running').execute()
  do await reader.runJobs()
  while ((await left()).length > 0)
}
