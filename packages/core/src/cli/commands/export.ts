import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Exports } from '../../export/exports.ts'
import type { Command, OptionValues } from '../command.ts'
import type { Io } from '../io.ts'
import { UsageError } from '../usage-error.ts'
import { grouped, tenantOf, textOf } from '../values.ts'

/** How many rows are written between two lines about it. */
const ROWS_BETWEEN_LINES = 50_000

export const exportRows: Command = {
  name: 'export',
  summary: 'Write the rows of an entity as CSV',
  args: [{ value: 'ENTITY', description: 'Whose rows: customers' }],
  options: {
    out: {
      type: 'string',
      value: 'FILE',
      description: 'Write them to a file, which appears when it is whole',
    },
    columns: {
      type: 'string',
      value: 'A,B',
      description: "Which, in the order of the file; else the entity's own",
    },
    where: {
      type: 'string',
      multiple: true,
      value: 'FIELD=VALUE',
      description:
        'A filter, as a list takes it: status=active, createdAt.gte=2026-01-01T00:00:00Z; repeat it for more',
    },
    sort: { type: 'string', value: 'A,B', description: 'The order; --sort=-createdAt for descending' },
    search: { type: 'string', value: 'TEXT', description: 'Only rows with these words' },
    bom: { type: 'boolean', description: 'Begin with a byte order mark, which Excel needs' },
    tenant: { type: 'string', value: 'ID', description: 'Whose rows, where there are many tenants' },
  },
  async run({ values, args: [entity = ''], io, cdp }) {
    const query = queryOf(values)
    const out = textOf(values, 'out')
    const file = out === undefined ? undefined : resolve(io.cwd, out)
    if (file !== undefined && !existsSync(dirname(file)))
      throw new UsageError(`Cannot write ${file}: there is no folder ${dirname(file)}`)
    await cdp.start({ workers: false })
    const { ctx } = cdp.as(tenantOf(values))
    const told = { rows: 0 }
    const columns = textOf(values, 'columns')
    const { content, total } = await ctx.get(Exports).csv(ctx, entity, {
      query,
      bom: values['bom'] === true,
      ...(columns === undefined ? {} : { columns: columns.split(',').map((name) => name.trim()) }),
      onRows: (done) => tell(io, told, done),
    })
    io.stderr.write(`${grouped(await total())} rows to write\n`)
    await (file === undefined ? writeOut(io, content) : writeFile(file, content))
    io.stderr.write(`Wrote ${grouped(told.rows)} rows${file === undefined ? '' : ` to ${file}`}\n`)
  },
}

function queryOf(values: OptionValues): Record<string, unknown> {
  const filters = ((values['where'] ?? []) as readonly string[]).map((text) => {
    const equals = text.indexOf('=')
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)] as const
    throw new UsageError(`--where takes FIELD=VALUE, such as status=active, not "${text}"`)
  })
  const [sort, q] = [textOf(values, 'sort'), textOf(values, 'search')]
  return {
    ...Object.fromEntries(filters),
    ...(sort === undefined ? {} : { sort }),
    ...(q === undefined ? {} : { q }),
  }
}

function tell({ stderr }: Io, told: { rows: number }, done: number): void {
  if (Math.floor(done / ROWS_BETWEEN_LINES) > Math.floor(told.rows / ROWS_BETWEEN_LINES))
    stderr.write(`${grouped(done)} rows\n`)
  told.rows = done
}

/** Beside its place first: whoever finds the file finds all of it. */
async function writeFile(file: string, content: AsyncIterable<string>): Promise<void> {
  const partial = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  try {
    await pipeline(content, createWriteStream(partial, { flags: 'wx', flush: true }))
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Waits for a slow reader, and ends quietly when it has read enough, as `head` does. */
async function writeOut({ stdout }: Io, content: AsyncIterable<string>): Promise<void> {
  const stream = stdout as Partial<NodeJS.WriteStream>
  let gone: NodeJS.ErrnoException | undefined
  const onError = (error: NodeJS.ErrnoException): void => void (gone = error)
  stream.on?.('error', onError)
  try {
    for await (const piece of content) {
      if (gone) break
      if (stdout.write(piece) === false && stream.once) await roomIn(stream as NodeJS.WriteStream)
    }
  } finally {
    stream.off?.('error', onError)
  }
  if (gone && gone.code !== 'EPIPE') throw gone
}

function roomIn(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    const settle = (): void => {
      stream.off('drain', settle).off('error', settle).off('close', settle)
      done()
    }
    stream.on('drain', settle).on('error', settle).on('close', settle)
  })
}
