/**
 * `npm run test:transfer [-- rows]`: imports a large CSV file with bad rows on SQLite and on a durable PostgreSQL,
 * once as it is and once killed in the middle, and undoes it. Fails when the two do not end the same, a bad row is not
 * told with its line and reason, something is left after the undo, or a process takes 300 MB.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Files } from '@clientele/core'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import { contactsFile, contactsInstance } from '../../bench/transfer/contacts.ts'
import { storageOf, type Database } from './database.ts'
import type { RunReport, RunTask } from './run-process.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const BAD_EACH = 500
const MOST_MB = 300

type Instance = ReturnType<typeof contactsInstance>

const folder = await mkdtemp(join(tmpdir(), 'clientele-transfer-'))
const server = await startPostgres({ durable: true })
try {
  await prove('SQLite', (name) => ({ sqlite: join(folder, `${name}.db`) }))
  await prove('PostgreSQL', (name) => ({ url: server.url, schema: name }))
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function prove(kind: string, databaseOf: (name: string) => Database): Promise<void> {
  const say = (line: string): void => console.log(`${kind}: ${line}`)
  const whole = { database: databaseOf('whole'), importId: await begin(databaseOf('whole')) }
  const run = await finish({ ...whole, until: 'done' })
  say(`${ROWS} rows in ${run.seconds} s, ${run.maxRssMb} MB at most`)

  const cut = { database: databaseOf('cut'), importId: await begin(databaseOf('cut')) }
  const read = await killInTheMiddle(cut)
  const rest = await finish({ ...cut, until: 'done' })
  say(`killed after ${read} rows, the rest in ${rest.seconds} s, ${rest.maxRssMb} MB at most`)

  const [expected, found] = [await resultOf(whole), await resultOf(cut)]
  same('what was imported', found, expected)
  same('rows', found.rows, ROWS - Math.floor(ROWS / BAD_EACH))
  same('refused rows', found.refused, Math.floor(ROWS / BAD_EACH))
  say(
    `both have ${found.rows} rows with the sum ${found.sum.slice(0, 12)} and ${found.refused} in the error file`,
  )

  await using(cut.database, ({ api }) => api.core.undoImport({ params: { id: cut.importId } }))
  const undo = await finish({ ...cut, until: 'undone' })
  same('rows after the undo', (await resultOf(cut)).rows, 0)
  say(`undone to nothing in ${undo.seconds} s, ${undo.maxRssMb} MB at most`)
  for (const { maxRssMb } of [run, rest, undo])
    if (maxRssMb >= MOST_MB) throw new Error(`A process took ${maxRssMb} MB, and ${MOST_MB} are allowed`)
}

type Scoped = ReturnType<Instance['as']>

async function using<T>(database: Database, work: (scoped: Scoped) => Promise<T>): Promise<T> {
  const instance = contactsInstance(storageOf(database))
  await instance.start({ workers: false })
  try {
    return await work(instance.as())
  } finally {
    await instance.stop()
  }
}

function begin(database: Database): Promise<string> {
  return using(database, async ({ api, ctx }) => {
    const file = { name: 'contacts.csv', permission: 'files:read' }
    const { id: fileId } = await ctx.get(Files).put(ctx, file, contactsFile(ROWS, BAD_EACH))
    return (await api.contacts.startImport({ body: { fileId } })).id
  })
}

function startProcess(task: RunTask) {
  const program = join(import.meta.dirname, 'run-process.ts')
  // Left alone, V8 takes as much as there is before it looks for what can go; that nothing stays is what this shows.
  const heap = ['--max-semi-space-size=8', '--max-old-space-size=96']
  const args = [...heap, '--conditions=@clientele/source', program, JSON.stringify(task)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function finish(task: RunTask): Promise<RunReport> {
  const child = startProcess(task)
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`The importing process ended with ${code}`)
  return JSON.parse(said) as RunReport
}

function killInTheMiddle(task: Omit<RunTask, 'until'>): Promise<number> {
  return using(task.database, async ({ api }) => {
    const child = startProcess({ ...task, until: 'done' })
    const exited = once(child, 'exit')
    const read = async (): Promise<number> =>
      (await api.core.getImport({ params: { id: task.importId } })).read
    while ((await read()) < ROWS / 2) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGKILL')
    await exited
    return read()
  })
}

interface Result {
  readonly rows: number
  readonly sum: string
  readonly refused: number
  readonly errors: string
}

/** The rows by their external id with all that they say, and the refused ones. */
function resultOf({ database, importId }: Omit<RunTask, 'until'>): Promise<Result> {
  return using(database, async ({ api, ctx }) => {
    const hash = createHash('sha256')
    let rows = 0
    for (let after = ''; ;) {
      const page = await ctx.db
        .selectFrom('contacts')
        .select(['externalId', 'name', 'email', 'country', 'visits', 'score', 'isMember', 'joinedAt'])
        .select(['balance', 'balanceCurrency', 'version'])
        .where('source', '=', 'csv')
        .where('externalId', '>', after)
        .orderBy('externalId')
        .limit(500)
        .execute()
      if (page.length === 0) break
      for (const row of page) hash.update(JSON.stringify(row))
      rows += page.length
      after = page.at(-1)!.externalId!
    }
    let errors = ''
    for await (const piece of await api.core.importErrors({ params: { id: importId } }))
      errors += String(piece)
    return { rows, sum: hash.digest('hex'), errors, refused: refusedIn(errors) }
  })
}

/** Each of them must be the one expected, with line, column, value and reason. */
function refusedIn(errors: string): number {
  const lines = errors.trimEnd().split('\r\n').slice(1)
  for (const [at, line] of lines.entries()) {
    const n = (at + 1) * BAD_EACH
    if (line.startsWith(`${n},`) && line.endsWith(`,${n + 1},visits,many,"is no whole number, such as 1200"`))
      continue
    throw new Error(`Row ${n} is not told as it should be: ${line}`)
  }
  return lines.length
}

function same(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: ${a.slice(0, 300)}, expected ${b.slice(0, 300)}`)
}
