import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { newDatabase } from '@clientele/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  beginImport,
  bookLines,
  booksOf,
  importInstance,
  untilState,
  type ImportInstance,
  type ProcessOptions,
} from './import-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'import-process.fixture.ts')
const ROWS = 5000
const BAD_EACH = 250

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('an import that is killed twice ends as one that was not, and is undone to nothing', async () => {
    const whole = await begun(await newDatabase(kind))
    await whole.instance.stop()
    const undisturbed = await ended(whole.database, whole.id)

    const cut = await begun(await newDatabase(kind))
    await cut.instance.stop()
    await runUntilKilled({ database: cut.database, dieAt: 1200 })
    await runUntilKilled({ database: cut.database, dieAt: 1500 })
    const resumed = await ended(cut.database, cut.id)

    expect(resumed.row).toMatchObject({ state: 'done', read: ROWS, failed: ROWS / BAD_EACH })
    expect(resumed.row.inserted).toBe(ROWS - ROWS / BAD_EACH)
    expect(resumed.books).toEqual(undisturbed.books)
    expect(resumed.books.rows).toBe(resumed.row.inserted)
    expect(resumed.errors).toBe(undisturbed.errors)
    expect(resumed.errors.match(/is no whole number/g)).toHaveLength(ROWS / BAD_EACH)

    await resumed.instance.as().api.core.undoImport({ params: { id: cut.id } })
    const undone = await untilState(resumed.instance, cut.id, ['undone'])
    expect(undone).toMatchObject({ kept: 0, undone: resumed.row.inserted })
    expect((await booksOf(resumed.instance.as().ctx)).rows).toBe(0)
  }, 60_000)
})

async function begun(database: ProcessOptions['database']) {
  const instance = started({ database })
  await instance.start({ workers: false })
  return { database, instance, id: await beginImport(instance, bookLines(ROWS, BAD_EACH)) }
}

async function ended(database: ProcessOptions['database'], id: string) {
  const instance = started({ database })
  await instance.start()
  const row = await untilState(instance, id, ['done', 'failed'])
  const { ctx, api } = instance.as()
  let errors = ''
  for await (const piece of await api.core.importErrors({ params: { id } })) errors += String(piece)
  return { instance, row, errors, books: await booksOf(ctx) }
}

function started(options: ProcessOptions): ImportInstance {
  const instance = importInstance(options)
  onTestFinished(() => instance.stop())
  return instance
}

/** Lets another process import until it kills itself between two rows of a slice. */
async function runUntilKilled(options: ProcessOptions): Promise<void> {
  const args = ['--conditions=@clientele/source', PROGRAM, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}
