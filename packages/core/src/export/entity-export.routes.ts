import * as z from 'zod'
import { Audit } from '../audit/audit.ts'
import type { Ctx } from '../context/context.ts'
import type { AnyEntity, RowOf } from '../entity/entity.ts'
import { nounsOf } from '../entity/nouns.ts'
import { attachmentOf } from '../files/file-name.ts'
import type { ListInputOf } from '../http/list-input.ts'
import { listQuery } from '../http/list-protocol.ts'
import type { ListQuery, ListQuerySchema } from '../http/list-query.ts'
import { reply, route, type Reply, type Route } from '../http/route.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import { fileNameOf } from './create-exports.ts'
import { ExportEntity } from './export.entity.ts'
import { Exports } from './exports.ts'
import { exportPages } from './export-pages.ts'
import { chosenFields, parsedRows, planOf } from './plan-export.ts'

type Filters<E> = Omit<ListInputOf<E>, 'limit' | 'cursor' | 'skip' | 'count'>

/** The routes by which an entity's rows become files, as typed callers see them. */
export interface ExportRoutes<E extends AnyEntity, Read extends string> {
  readonly exportCsv: Route<
    { readonly query?: Filters<E> & { readonly columns?: string; readonly bom?: 'true' | 'false' } },
    AsyncIterable<Uint8Array | string>,
    Read
  >
  readonly startExport: Route<{ readonly body: StartExport }, RowOf<typeof ExportEntity>, Read>
}

/** A parsed request for a CSV file. */
export interface CsvQuery extends ListQuery {
  /** Names separated by commas, in the order of the file. @default all of the entity itself */
  readonly columns?: string | undefined
  readonly bom?: 'true' | 'false' | undefined
}

type StartExport = z.input<typeof startSchema>

const startSchema = z.object({
  query: z
    .record(
      z.string().max(200),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(100)]),
    )
    .default({})
    .describe('Which rows and in which order, as the list takes it: { "status": "active", "sort": "name" }'),
  columns: z
    .array(z.string().max(200))
    .min(1)
    .max(500)
    .optional()
    .describe('In the order of the file; all of the entity itself when left out'),
  name: z.string().trim().min(1).max(255).optional().describe('Of the file: customers.csv'),
  bom: z.boolean().default(false).describe('Begin with a byte order mark, which Excel needs'),
})

/** What the query of a CSV route takes beside the filters of the list. */
const extra = z.object({
  columns: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Names separated by commas, in the order of the file'),
  bom: z.enum(['true', 'false']).optional().describe('Begin with a byte order mark, which Excel needs'),
})

/** What `GET {path}/export.csv` takes: the filters and the sort of the list, and which columns to write. */
export function csvQuery(
  entity: AnyEntity,
  extensions: readonly AnyEntity[] = [],
): ListQuerySchema<z.output<typeof extra>> {
  return listQuery(entity, { extensions, extra, paged: false })
}

/**
 * Answers rows of an entity as a CSV file, page by page while somebody reads it, and leaves a trace in the audit trail.
 *
 * @param query as {@link csvQuery} parsed it; a `where` of the caller narrows the rows further
 * @param traced what the trail says beside columns and filters
 * @throws `export.unknown_column`
 */
export async function csvReply(
  ctx: Ctx,
  entity: AnyEntity,
  { columns, bom, ...query }: CsvQuery,
  traced: Readonly<Record<string, string>> = {},
): Promise<Reply<never>> {
  const registered = runtimeOf(ctx).registry.entities.get(entity.name)!
  const extensions = registered.extensions.map((extension) => extension.entity)
  const names = columns?.split(',').map((name) => name.trim())
  const plan = planOf(registered, query, chosenFields(entity, extensions, names))
  const wanted = {
    ...traced,
    ...(names ? { columns: names } : {}),
    filters: query.filters.map(({ field }) => field),
  }
  await ctx.get(Audit).record(ctx, { action: 'core.exported', entity: entity.name, details: wanted })
  const content = await exportPages(ctx, plan, { bom: bom === 'true' })
  const name = fileNameOf(ctx, entity.name)
  return reply<never>(content, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': attachmentOf(name) },
  })
}

/** `GET {path}/export.csv` and `POST {path}/export`. */
export function exportRoutes(
  entity: AnyEntity,
  { path, read }: { readonly path: `/${string}`; readonly read: string },
  extensions: readonly AnyEntity[],
): Record<keyof ExportRoutes<AnyEntity, string>, Route> {
  const { many } = nounsOf(entity)
  const rows = listQuery(entity, { extensions, paged: false })
  return {
    exportCsv: route.get({
      path: `${path}/export.csv`,
      permission: read,
      summary: `Export ${many} as CSV`,
      description:
        'All rows that the filters leave, in the order of the sort, while they are read; for files that take long start an export. RFC 4180, UTF-8, CRLF. Texts that a spreadsheet would take for a formula begin with an apostrophe, which an import takes away.',
      query: csvQuery(entity, extensions),
      produces: 'text/csv',
      handler: ({ query }, ctx) => csvReply(ctx, entity, query),
    }),
    startExport: route.post({
      path: `${path}/export`,
      permission: read,
      summary: `Start an export of ${many}`,
      description:
        'A job writes the file; GET /api/v1/exports/{id} says how far it is. It can be downloaded for 7 days by whoever may read the rows.',
      body: startSchema,
      response: ExportEntity.row,
      status: 202,
      async handler({ body }, ctx) {
        const { name, columns, ...request } = body
        parsedRows(rows, request.query)
        chosenFields(entity, extensions, columns)
        const row = await ctx.tx((t) =>
          t.get(Exports).start(t, entity.name, {
            ...request,
            ...(columns ? { columns } : {}),
            ...(name === undefined ? {} : { name }),
          }),
        )
        return reply(row, { headers: { location: `/api/v1/exports/${row.id}` } })
      },
    }),
  }
}
