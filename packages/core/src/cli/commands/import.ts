import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Clientele } from '../../clientele.types.ts'
import { isClienteleError } from '../../errors/clientele-error.ts'
import { Files } from '../../files/files.ts'
import type { ImportRow } from '../../import/import.entity.ts'
import { runtimeOf } from '../../kernel/runtime.ts'
import type { Command, OptionValues } from '../command.ts'
import type { Io } from '../io.ts'
import { UsageError } from '../usage-error.ts'
import { grouped, tenantOf, textOf } from '../values.ts'

/** How often the row of the import is looked at, in milliseconds. */
const POLL_MS = 200
/** How often a person is told, in milliseconds. */
const TELL_MS = 2000

export const importRows: Command = {
  name: 'import',
  summary: 'Import a CSV file into an entity',
  args: [
    { value: 'ENTITY', description: 'Whose rows: customers' },
    { value: 'FILE', description: 'A CSV file with a header' },
  ],
  options: {
    map: {
      type: 'string',
      multiple: true,
      value: 'HEADER=FIELD',
      description:
        'Which field a column fills, none leaves it out: "Note="; repeat it for more. Others go by name',
    },
    key: {
      type: 'string',
      value: 'FIELD',
      description: 'The field by which rows that exist are found: id, externalId or a unique one',
    },
    source: { type: 'string', value: 'NAME', description: 'Of rows with an externalId; else csv' },
    'empty-null': { type: 'boolean', description: 'An empty cell empties the column; else it says nothing' },
    'dry-run': { type: 'boolean', description: 'Everything but writing' },
    delimiter: { type: 'string', value: 'CHAR', description: 'Else it is detected: , ; tab or |' },
    encoding: { type: 'string', value: 'NAME', description: 'Else it is detected: utf-8, windows-1252' },
    errors: {
      type: 'string',
      value: 'FILE',
      description: 'Where refused rows are written; else beside FILE, as NAME-errors.csv',
    },
    tenant: { type: 'string', value: 'ID', description: 'Whose rows, where there are many tenants' },
    json: { type: 'boolean', description: 'Print what became of the rows as JSON' },
  },
  async run({ values, args: [entity = '', name = ''], io, cdp }) {
    const file = resolve(io.cwd, name)
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`There is no file ${file}`)
    const options = optionsOf(values)
    await cdp.start({ workers: false })
    const scoped = cdp.as(tenantOf(values))
    const { api, ctx } = scoped
    const start = startOf(scoped, entity)
    const upload = { name: basename(file), contentType: 'text/csv', permission: 'files:read' }
    const { id: fileId } = await ctx.get(Files).put(ctx, upload, createReadStream(file))
    const { id } = await start({ fileId, ...options })
    const row = await untilEnded(cdp, io, () => api.core.getImport({ params: { id } }))
    const errors = resolve(io.cwd, textOf(values, 'errors') ?? errorsBeside(file))
    if (row.failed > 0)
      await pipeline(await api.core.importErrors({ params: { id } }), createWriteStream(errors))
    if (values['json']) io.stdout.write(`${JSON.stringify(asJson(row, errors), null, 2)}\n`)
    else io.stdout.write(`${summaryOf(row)}\n`)
    if (row.state === 'failed')
      throw new Error(`Import ${id} ended early: ${row.message}; what it wrote can be undone`)
    if (row.state !== 'done') throw new Error(`Import ${id} was ${row.state}`)
    if (row.failed > 0)
      throw new Error(
        `${rows(row.failed)} refused; correct them in ${relative(io.cwd, errors)} and import that file`,
      )
  },
}

function optionsOf(values: OptionValues): object {
  const mapping = ((values['map'] ?? []) as readonly string[]).map((text) => {
    const equals = text.lastIndexOf('=')
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1) || null] as const
    throw new UsageError(`--map takes HEADER=FIELD, such as "E-mail=email", not "${text}"`)
  })
  const delimiter = textOf(values, 'delimiter')
  const given = {
    delimiter: delimiter === 'tab' || delimiter === '\\t' ? '\t' : delimiter,
    encoding: textOf(values, 'encoding'),
    source: textOf(values, 'source'),
    key: textOf(values, 'key'),
  }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    mapping: Object.fromEntries(mapping),
    dryRun: values['dry-run'] === true,
    emptyCells: values['empty-null'] ? 'null' : 'skip',
  }
}

/** The import of an entity, as its own route does it. */
function startOf({ api, ctx }: ReturnType<Clientele['as']>, entity: string) {
  const { routes, crud } = runtimeOf(ctx).registry
  const path = `${crud.get(entity)?.path}/import`
  const found = routes.find(
    ({ route }) => route.crud?.entity.name === entity && route.definition.path === path,
  )
  // The routes of a composition are known by their declarations only.
  const call =
    found && (api as unknown as Record<string, Record<string, Start>>)[found.pluginId]?.[found.name]
  if (call) return (body: object) => call({ body }).catch(asUsage)
  const names = routes.flatMap(({ route }) =>
    route.crud && route.definition.path === `${route.crud.path}/import` ? [route.crud.entity.name] : [],
  )
  throw new UsageError(`There is no "${entity}" to import into; there are ${names.toSorted().join(', ')}`)
}

/** An option that does not fit is a wrong command line. */
function asUsage(error: unknown): never {
  if (isClienteleError(error) && error.code === 'import.option')
    throw new UsageError(error.message, { cause: error })
  throw error
}

type Start = (input: { readonly body: object }) => Promise<{ readonly id: string }>

/** Works on jobs until the import has ended, here or in another process. */
async function untilEnded(cdp: Clientele, io: Io, read: () => Promise<ImportRow>): Promise<ImportRow> {
  let working = false
  let failure: { readonly error: unknown } | undefined
  for (let waited = 0; ; waited += POLL_MS) {
    const row = await read()
    if (row.finishedAt !== null) return row
    if (failure) throw failure.error
    if (waited > 0 && waited % TELL_MS === 0) io.stderr.write(`${progressOf(row)}\n`)
    if (!working) {
      working = true
      cdp
        .runJobs()
        .catch((error: unknown) => (failure = { error }))
        .finally(() => (working = false))
    }
    await new Promise((resolve_) => setTimeout(resolve_, POLL_MS))
  }
}

function progressOf({ bytesRead, bytesTotal, read, failed }: ImportRow): string {
  const percent = bytesTotal === 0 ? 100 : Math.floor((bytesRead / bytesTotal) * 100)
  return `${percent} %: ${grouped(read)} rows${failed > 0 ? `, ${grouped(failed)} of them refused` : ''}`
}

function summaryOf({ id, dryRun, read, inserted, updated, unchanged, failed }: ImportRow): string {
  const [made, changed] = dryRun ? ['to insert', 'to update'] : ['inserted', 'updated']
  const counts = `${grouped(inserted)} ${made}, ${grouped(updated)} ${changed}, ${grouped(unchanged)} unchanged, ${grouped(failed)} refused`
  return `${dryRun ? 'Tried out' : 'Imported'} ${rows(read)}: ${counts} (import ${id})`
}

function asJson(row: ImportRow, errors: string): object {
  const { id, state, message, dryRun, read, inserted, updated, unchanged, failed } = row
  const errorFile = failed > 0 ? errors : null
  return { id, state, message, dryRun, read, inserted, updated, unchanged, failed, errorFile }
}

function errorsBeside(file: string): string {
  const end = extname(file)
  return join(dirname(file), `${basename(file, end)}-errors.csv`)
}

function rows(count: number): string {
  return count === 1 ? 'one row' : `${grouped(count)} rows`
}
