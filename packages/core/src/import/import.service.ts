import { Audit } from '../audit/audit.ts'
import type { Ctx, Tx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { ListQuery, Page } from '../http/list-query.ts'
import { runtimeOf, type InternalCtx, type InternalTx } from '../kernel/runtime.ts'
import type { RegisteredCrud } from '../plugin/registry.ts'
import { inspectFile, type FormatOptions, type OpenedFile } from './import-file.ts'
import { Import, type ImportRow, type RowProblem } from './import.entity.ts'
import { importErrors } from './import.errors.ts'
import { RunImport, UndoImport } from './import.jobs.ts'
import { importFields, mapHeader, suggestMapping, type Mapping } from './mapping.ts'
import { RowReader } from './row-reader.ts'

/** How a file is to be imported; all of it may be left out. */
export interface ImportOptions extends FormatOptions {
  readonly mapping?: Mapping | undefined
  readonly key?: string | null | undefined
  readonly source?: string | undefined
  readonly emptyCells?: 'skip' | 'null' | undefined
}

/** How many rows a preview shows. */
const PREVIEW_ROWS = 20

/** What a file looks like as rows of an entity, before anything is written. */
export async function previewImport(ctx: Ctx, entity: string, fileId: string, options: ImportOptions) {
  const crud = crudOf(ctx, entity)
  const opened = await inspectFile(ctx, fileId, options)
  const { mapping, problems } = suggestMapping(crud.entity, opened.header, options.mapping ?? {})
  const key = keyOf(crud, mapping, options.key)
  const reader = new RowReader(crud.entity, readerOptions(opened, mapping, options))
  return {
    fileName: opened.file.name,
    bytes: opened.file.size,
    encoding: opened.encoding,
    delimiter: opened.delimiter,
    header: opened.header,
    mapping,
    key,
    problems,
    fields: importFields(crud.entity).map(({ name, kind, required, allowed }) => ({
      name,
      kind,
      required,
      ...(allowed ? { allowed } : {}),
    })),
    rows: opened.records.slice(0, PREVIEW_ROWS).map((record) => {
      const row = reader.read(record)
      const found: readonly RowProblem[] = 'problems' in row ? row.problems : []
      return { line: record.line, cells: record.cells, problems: found }
    }),
  }
}

/**
 * Begins an import: a row that tells how far it is, and the job that does it.
 * @throws `import.header` when the header does not fit, before anything is written
 */
export async function startImport(
  ctx: Ctx,
  entity: string,
  fileId: string,
  options: ImportOptions & { readonly dryRun?: boolean | undefined },
): Promise<ImportRow> {
  const crud = crudOf(ctx, entity)
  const opened = await inspectFile(ctx, fileId, options)
  const { mapping, problems } = mapHeader(crud.entity, opened.header, options.mapping ?? {})
  if (problems.length > 0) throw importErrors['import.header']({ entity, problems })
  const { file, encoding, delimiter, header } = opened
  const values = {
    entity,
    fileId,
    fileName: file.name,
    encoding,
    delimiter,
    header: [...header],
    mapping: { ...mapping },
    key: keyOf(crud, mapping, options.key),
    sourceName: options.source ?? 'csv',
    emptyCells: options.emptyCells ?? 'skip',
    dryRun: options.dryRun ?? false,
    state: 'waiting' as const,
    bytesTotal: file.size,
  }
  return asImport(ctx).tx(async (t) => {
    const row = await t.repo(Import).insert(values)
    await t.enqueue(RunImport, { importId: row.id })
    const details = { entity, fileName: row.fileName, dryRun: row.dryRun }
    await t.get(Audit).record(t, { action: 'core.import-started', entity: 'imports', rowId: row.id, details })
    return row
  })
}

/** The imports of entities that the actor may write. */
export function listImports(ctx: Ctx, query: ListQuery): Promise<Page<ImportRow>> {
  const visible = [...runtimeOf(ctx).registry.crud]
    .filter(([, { write }]) => ctx.can(write))
    .map(([name]) => name)
  return ctx.repo(Import).list({ ...query, where: (eb) => eb('imports.entity', 'in', ['', ...visible]) })
}

/** @throws `entity.not_found`, also for imports of an entity that the actor may not write */
export async function getImport(ctx: Ctx, id: string): Promise<ImportRow> {
  const row = await ctx.repo(Import).get(id)
  const crud = runtimeOf(ctx).registry.crud.get(row.entity)
  if (!crud || !ctx.can(crud.write)) throw coreErrors['entity.not_found']({ entity: 'imports', id })
  return row
}

/** Ends an import after its running slice; what was imported stays, and can be undone. @throws `import.state` */
export function cancelImport(ctx: Ctx, id: string): Promise<ImportRow> {
  return ctx.tx(async (t) => {
    const { state } = await lockedImport(t, id)
    if (state !== 'waiting' && state !== 'running')
      throw importErrors['import.state']({ id, state, action: 'cancel' })
    return t.repo(Import).patch(id, { state: 'cancelled', finishedAt: t.now() })
  })
}

/** Takes an import back, in a job. @throws `import.state` while it runs */
export async function undoImportOf(ctx: Ctx, id: string): Promise<ImportRow> {
  return asImport(ctx).tx(async (t) => {
    const { state } = await lockedImport(t, id)
    if (state !== 'done' && state !== 'failed' && state !== 'cancelled')
      throw importErrors['import.state']({ id, state, action: 'undo' })
    await t.enqueue(UndoImport, { importId: id })
    await t.get(Audit).record(t, { action: 'core.import-undone', entity: 'imports', rowId: id })
    return t.repo(Import).patch(id, { state: 'undoing' })
  })
}

/** As it stands once the slice that is being written has committed: that one changes its row as well. */
async function lockedImport(t: Tx, id: string): Promise<ImportRow> {
  await t.lock(Import, [id])
  return getImport(t, id)
}

function readerOptions(opened: OpenedFile, mapping: Mapping, options: ImportOptions) {
  const { header, encoding } = opened
  const { source = 'csv', emptyCells = 'skip' } = options
  return { header, mapping, encoding, source, emptyCells }
}

/** @throws `http.forbidden` */
function crudOf(ctx: Ctx, entity: string): RegisteredCrud {
  const crud = runtimeOf(ctx).registry.crud.get(entity)
  if (!crud) throw coreErrors['entity.not_found']({ entity: 'entities', id: entity })
  if (!ctx.can(crud.write)) throw coreErrors['http.forbidden']({ permission: crud.write })
  return crud
}

/** The key asked for; else the id or the external id, where a column holds them. */
function keyOf(
  { entity }: RegisteredCrud,
  mapping: Mapping,
  asked: string | null | undefined,
): string | null {
  const mapped = new Set(Object.values(mapping))
  const keys = importFields(entity)
    .filter(({ column }) => isKey(column, entity.entity.columns[column]?.spec.unique))
    .map(({ name }) => name)
  if (asked === null) return null
  if (asked === undefined) return ['id', 'externalId'].find((key) => mapped.has(key)) ?? null
  if (!keys.includes(asked)) {
    const allowed = `rows can be found by ${keys.join(', ')}`
    throw importErrors['import.option']({ option: 'key', value: asked, allowed })
  }
  if (mapped.has(asked)) return asked
  const allowed = 'no column of the file is mapped to it'
  throw importErrors['import.option']({ option: 'key', value: asked, allowed })
}

function isKey(column: string, unique = false): boolean {
  return unique || column === 'id' || column === 'externalId'
}

/** The same caller, whose writes are carried over from elsewhere: jobs inherit it. */
function asImport(ctx: Ctx): Ctx {
  // A request that is carried out once brings its transaction.
  if ('withOrigin' in ctx) return (ctx as InternalTx).withOrigin('import')
  const { tenantId, actor, requestId, signal, runtime } = ctx as InternalCtx
  return runtime.context({ tenantId, actor, requestId, signal, origin: 'import' })
}
