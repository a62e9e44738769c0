import { writeSync } from 'node:fs'
import { seededRandom, testAccess, type SharedDatabase } from '@clientele/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClientele } from '../clientele.ts'
import type { Clientele } from '../clientele.types.ts'
import type { Tx } from '../context/context.ts'
import { onDatabase } from '../storage/shared-database.fixture.ts'
import { Note, notes } from './live-notes.fixture.ts'

/** What a process needs to know to write to the same database; passed as JSON. */
export interface WriterOptions {
  readonly database: SharedDatabase
  readonly seed: number
  readonly transactions: number
  /** Rows that every writer patches. */
  readonly shared: readonly string[]
}

/** A line that a writer prints. */
export type Report =
  | { readonly committed: readonly (readonly [kind: string, ...ids: string[]])[] }
  | { readonly never: string }

/** One node of several on a database. */
export function node({ database }: Pick<WriterOptions, 'database'>): Clientele {
  return createClientele({
    ...onDatabase(database),
    plugins: [notes()],
    authenticators: [testAccess()],
  })
}

type Call = [kind: string, ...ids: string[]]

async function write(options: WriterOptions): Promise<void> {
  const instance = node(options)
  await instance.start({ workers: false })
  const random = seededRandom(options.seed)
  const upTo = (most: number): number => Math.floor(random.number() * most)
  const own: string[] = []
  const calls = async (t: Tx, done: Call[]): Promise<void> => {
    const repo = t.repo(Note)
    for (let left = 1 + upTo(3); left > 0; left--) {
      const what = random.number()
      const [mine, shared] = [own[upTo(own.length)], options.shared[upTo(options.shared.length)]!]
      if (what < 0.35) done.push(['insert', (await repo.insert({ text: 'a' })).id])
      else if (what < 0.5) {
        const many = Array.from({ length: upTo(10) === 0 ? 120 : 2 + upTo(4) }, () => ({ text: 'b' }))
        done.push(['insert', ...(await repo.insertMany(many)).map(({ id }) => id)])
      } else if (what < 0.7 && !done.some(([, id]) => options.shared.includes(id!))) {
        // One shared row at most: writers wait for each other, but never in a circle.
        done.push(['patch', (await repo.patch(shared, { rank: upTo(9) })).id])
      } else if (mine && !done.some(([kind, id]) => kind === 'remove' && id === mine)) {
        const kind = what < 0.92 ? 'patch' : 'remove'
        await (kind === 'patch' ? repo.patch(mine, { rank: upTo(9) }) : repo.remove(mine))
        done.push([kind, mine])
      }
      // A transaction that began early commits late.
      if (random.number() < 0.2) await sleep(upTo(60))
    }
  }
  for (let n = 0; n < options.transactions; n++) {
    const fails = random.number() < 0.15
    let done: Call[] = []
    const work = instance.as().tx(async (t) => {
      done = []
      await calls(t, done)
      if (fails) throw new Error('rolled back')
    })
    await work.catch((error: Error) => {
      if (error.message !== 'rolled back') throw error
    })
    if (fails) {
      for (const [kind, ...ids] of done) if (kind === 'insert') for (const id of ids) print({ never: id })
      continue
    }
    for (const [kind, ...ids] of done) {
      if (kind === 'insert') own.push(...ids)
      if (kind === 'remove') own.splice(own.indexOf(ids[0]!), 1)
    }
    print({ committed: done })
  }
  await instance.stop()
}

function print(report: Report): void {
  writeSync(1, `${JSON.stringify(report)}\n`)
}

// As a program.
if (process.argv[1] === import.meta.filename) await write(JSON.parse(process.argv[2]!) as WriterOptions)
