import * as z from 'zod'
import { bulkRoute, type BulkRoute } from '../bulk/bulk.routes.ts'
import type { Ctx } from '../context/context.ts'
import type { AnyEntity, InsertOf, PatchOf, RowOf } from '../entity/entity.ts'
import { nounsOf } from '../entity/nouns.ts'
import { defaultOf } from '../entity/row-shape.ts'
import { exportRoutes, type ExportRoutes } from '../export/entity-export.routes.ts'
import { importRoutesOf, type ImportRoutes } from '../import/entity-import.routes.ts'
import { etagOf, versionOf } from './etag.ts'
import { answersExactly } from './exact-answers.ts'
import { idParams } from './id-params.ts'
import { listQuery } from './list-protocol.ts'
import type { ListInputOf } from './list-input.ts'
import type { ListQuery, Page } from './list-query.ts'
import { pageOf } from './page.ts'
import { reply, route, type Route } from './route.ts'

type ById = { readonly params: { readonly id: string } }

/** The routes of an entity, as typed callers see them. */
export interface CrudRoutes<E extends AnyEntity, Read extends string, Write extends string>
  extends ImportRoutes<Write>, ExportRoutes<E, Read> {
  readonly list: Route<{ readonly query?: ListInputOf<E> }, Page<RowOf<E>>, Read>
  readonly get: Route<ById, RowOf<E>, Read>
  readonly create: Route<{ readonly body: InsertOf<E> }, RowOf<E>, Write>
  readonly update: Route<ById & { readonly body: PatchOf<E> }, RowOf<E>, Write>
  readonly replace: Route<ById & { readonly body: InsertOf<E> }, RowOf<E>, Write>
  readonly remove: Route<ById, void, Write>
  readonly bulk: BulkRoute<E, Write>
}

/** Where the routes of an entity lie, and who may call them. */
export interface CrudOptions<
  Read extends string,
  Write extends string,
  Only extends keyof CrudRoutes<any, any, any>,
> {
  /** Of the collection: `/api/v1/customers`. */
  readonly path: `/${string}`
  /** The permission of list, get and the export. */
  readonly read: Read
  /** The permission of create, update, replace, remove, bulk and the import. */
  readonly write: Write
  /**
   * Extensions whose columns list and get carry, as an object under the extension's name. `registered`: those of
   * all installed plugins, which the plugin that owns the entity cannot know.
   */
  readonly extensions?: readonly AnyEntity[] | 'registered'
  /** Parameters of the list that are no columns: `?tag=vip`. */
  readonly filters?: ListFilters
  /** @default all */
  readonly only?: readonly Only[]
}

/** Parameters of a list that are no columns, and what they mean. */
export interface ListFilters<P extends z.ZodObject = z.ZodObject> {
  readonly params: P
  /** The condition they stand for; undefined where none is given. See {@link ListQuery.where}. */
  // `any`: the values are those of `params`, whichever they are.
  where(values: any): ListQuery['where'] | undefined
}

/**
 * Routes derived from an entity: list, get, create (201 with `Location`), update (PATCH), replace (PUT: columns left
 * out fall back to their default), remove, bulk, import, export. Changes honour `If-Match`: a stale version is 412 with the
 * current row.
 *
 * @example
 * export const customerRoutes = {
 *   ...crudRoutes(Customer, { path: '/api/v1/customers', read: 'customers:read', write: 'customers:write' }),
 *   merge: route.post({ … }),
 * }
 */
export function crudRoutes<
  E extends AnyEntity,
  const Read extends string,
  const Write extends string,
  const Only extends keyof CrudRoutes<E, Read, Write> = keyof CrudRoutes<E, Read, Write>,
>(entity: E, options: CrudOptions<Read, Write, Only>): Pick<CrudRoutes<E, Read, Write>, Only> {
  const routes = {
    ...readRoutes(entity, options),
    ...writeRoutes(entity, options),
    ...importRoutesOf(entity, options),
  }
  const { path, read, write } = options
  const wanted = Object.entries(routes)
    .filter(([name]) => options.only?.includes(name as Only) ?? true)
    .map(([name, one]) => [name, Object.assign(one, { crud: { entity, path, read, write } })])
  return Object.fromEntries(wanted) as never
}

type AnyOptions = CrudOptions<string, string, any>

function readRoutes(entity: AnyEntity, options: AnyOptions): Record<string, Route> {
  if (options.extensions !== 'registered')
    return extendedReadRoutes(entity, options, options.extensions ?? [])
  const routes = extendedReadRoutes(entity, options, [])
  const extended = Object.entries(routes).map(([name, one]): [string, Route] => {
    const by = (extensions: readonly AnyEntity[]): Route =>
      extendedReadRoutes(entity, options, extensions)[name] ?? one
    return [name, { ...one, extended: { entity, by } }]
  })
  return Object.fromEntries(extended)
}

function extendedReadRoutes(
  entity: AnyEntity,
  { path, read, filters }: AnyOptions,
  extensions: readonly AnyEntity[],
): Record<string, Route> {
  const row = extendedRow(entity, extensions)
  const nouns = nounsOf(entity)
  return {
    list: answersExactly(
      route.get({
        path,
        permission: read,
        summary: `List ${nouns.many}`,
        query: listQuery(entity, { extensions, ...(filters ? { extra: filters.params } : {}) }),
        response: pageOf(row),
        handler({ query }, ctx) {
          const where = filters?.where(query)
          return ctx.repo(entity).list(where ? { ...query, where } : query)
        },
      }),
    ),
    get: route.get({
      path: `${path}/:id`,
      permission: read,
      summary: `Read ${nouns.one}`,
      params: idParams,
      response: row,
      handler: async ({ params }, ctx) => {
        const found = await ctx.repo(entity).get(params.id)
        if (extensions.length === 0) return found
        const whole = { ...found, ...(await extensionRows(extensions, params.id, ctx)) }
        // Extensions change without the row's version, so the answer says its tag itself and is never a 304.
        return reply(whole, { headers: { etag: etagOf((found as { version: number }).version) } })
      },
    }),
    ...exportRoutes(entity, { path, read }, extensions),
  }
}

function writeRoutes(entity: AnyEntity, { path, write }: AnyOptions): Record<string, Route> {
  const one = { path: `${path}/:id`, permission: write, params: idParams, response: entity.row } as const
  const nouns = nounsOf(entity)
  return {
    create: route.post({
      path,
      permission: write,
      summary: `Create ${nouns.one}`,
      body: entity.insert,
      response: entity.row,
      status: 201,
      handler: async ({ body }, ctx) => {
        const row: { readonly id: string } = await ctx.tx((t) => t.repo(entity).insert(body))
        return reply(row, { headers: { location: `${path}/${row.id}` } })
      },
    }),
    update: route.patch({
      ...one,
      summary: `Change ${nouns.one}`,
      body: entity.patch,
      handler: ({ params, body, headers }, ctx) =>
        ctx.tx((t) => t.repo(entity).patch(params.id, body, versionOf(headers))),
    }),
    replace: route.put({
      ...one,
      summary: `Replace ${nouns.one}`,
      body: replacementSchema(entity),
      handler: ({ params, body, headers }, ctx) =>
        ctx.tx((t) => t.repo(entity).patch(params.id, replacement(entity, body), versionOf(headers))),
    }),
    remove: route.delete({
      path: one.path,
      permission: write,
      summary: `Remove ${nouns.one}`,
      params: idParams,
      handler: ({ params, headers }, ctx) =>
        ctx.tx((t) => t.repo(entity).remove(params.id, versionOf(headers))),
    }),
    bulk: bulkRoute(entity, { path, write }),
  }
}

/** The wire schema of a row with the columns of its extensions under their names. */
export function extendedRow(entity: AnyEntity, extensions: readonly AnyEntity[]): z.ZodType {
  if (extensions.length === 0) return entity.row
  const own = Object.fromEntries(extensions.map((extension) => [nameOf(extension), ownColumns(extension)]))
  return (entity.row as unknown as z.ZodObject).extend(own)
}

/** Without what every row has: the base row carries that. */
function ownColumns(extension: AnyEntity): z.ZodType {
  return (extension.row as unknown as z.ZodObject).omit({
    id: true,
    version: true,
    createdAt: true,
    updatedAt: true,
  })
}

async function extensionRows(extensions: readonly AnyEntity[], id: string, ctx: Ctx): Promise<object> {
  const rows = await Promise.all(extensions.map((extension) => ctx.repo(extension).find(id)))
  return Object.fromEntries(extensions.map((extension, i) => [nameOf(extension), rows[i]]))
}

function nameOf(extension: AnyEntity): string {
  return extension.extension?.as ?? extension.name
}

function replacementSchema(entity: AnyEntity): z.ZodType<any> {
  return (entity.insert as unknown as z.ZodObject).omit({ id: true })
}

function replacement(entity: AnyEntity, body: Record<string, unknown>): PatchOf<AnyEntity> {
  const whole: Record<string, unknown> = { ...body }
  for (const [name, column] of Object.entries(entity.columns)) {
    // An explicit null stays: only what is left out falls back.
    if (whole[name] === undefined) whole[name] = defaultOf(column) ?? null
  }
  return whole
}
