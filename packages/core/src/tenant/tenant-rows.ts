import type { Ctx } from '../context/context.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { defineService } from '../di/token.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { slicesById } from '../entity/slices.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { storeOf } from '../files/store-of.ts'
import { runtimeOf, type Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { searchIndex } from '../search/search-index.ts'
import { systemStatements } from '../sql/system-statements.ts'
import type { Connection } from '../storage/storage.ts'

/** A row as it is exported: property → value, without secrets. */
export type ExportedRow = Readonly<Record<string, unknown>>

/** All that a tenant has, of every installed plugin: for taking it away, and for taking it along. */
export interface TenantRows {
  /**
   * Removes some rows and answers how many; 0 means that nothing is left. Nobody is told of them, and nothing brings
   * them back. Bytes of files go first. One transaction, short enough for other writers.
   *
   * @param ctx of the whole instance
   * @param size at most so many rows
   * @throws `http.foreign_tenant` in the context of a tenant
   */
  removeSome(ctx: Ctx, tenantId: string, size: number): Promise<number>
  /** What {@link TenantRows.read} reads: each kind of row that is not worked out from others. */
  entities(ctx: Ctx): readonly string[]
  /**
   * All rows of one kind, removed ones too, in portions; read as somebody takes them.
   * @param ctx of the tenant
   */
  read(ctx: Ctx, entity: string): AsyncIterable<readonly ExportedRow[]>
}

export const TenantRows = defineService<TenantRows>('core.tenantRows')

/** Rows of the queue, of search and of limits say nothing about the tenant. */
const UPKEEP: ReadonlySet<string> = new Set(['jobs', 'schedules', 'idempotencyKeys', 'fileChunks'])
const PORTION = 500

export function createTenantRows(): TenantRows {
  return {
    async removeSome(ctx, tenantId, size) {
      const runtime = runtimeOf(ctx)
      // tenant-site: tenants.remove
      if (ctx.tenantId !== WHOLE_INSTANCE && runtime.mode === 'multi')
        throw coreErrors['http.foreign_tenant']({ tenantId })
      await removeBytes(runtime, tenantId, size)
      return runtime.storage.write({ tenantId }, async (connection) => {
        const documents = await removeDocuments(runtime, connection, tenantId, size)
        if (documents > 0) return documents
        for (const { entity } of referringFirst(runtime)) {
          const removed = await removeRows(runtime, connection, entity, { tenantId, size })
          if (removed > 0) return removed
        }
        return 0
      })
    },
    entities: (ctx) =>
      tenantEntities(runtimeOf(ctx))
        .filter(({ entity }) => !UPKEEP.has(entity.name) && !('table' in entity))
        .map(({ entity }) => entity.name),
    read(ctx, name) {
      const { columns } = runtimeOf(ctx).registry.entities.get(name)!
      const shown = [...columns].filter(
        ([property]) => property !== 'tenantId' && !isSecret(runtimeOf(ctx), name, property),
      )
      const query = ctx.dbWithRemoved.selectFrom(name).select(shown.map(([property]) => property))
      return slicesById(query as never, PORTION, (one) => ctx.population.run(one as never))
    },
  }
}

function isSecret({ registry }: Runtime, entity: string, property: string): boolean {
  return registry.entities.get(entity)!.entity.columns[property]?.kind === 'secret'
}

function tenantEntities({ registry }: Runtime): readonly RegisteredEntity[] {
  return [...registry.entities.values()].filter(({ tenancy }) => tenancy === 'tenant')
}

/** Rows that name others go before those they name. */
function referringFirst(runtime: Runtime): readonly RegisteredEntity[] {
  const all = [...tenantEntities(runtime), ...ownUpkeep(runtime)]
  const placed = new Set<string>()
  const order: RegisteredEntity[] = []
  const place = (registered: RegisteredEntity): void => {
    const { name } = registered.entity
    if (placed.has(name)) return
    placed.add(name)
    for (const other of all) if (refersTo(other.entity, name)) place(other)
    order.push(registered)
  }
  for (const registered of all) place(registered)
  return order
}

/** Jobs, schedules and the journal: the core goes through those of all tenants, and each row is one's. */
function ownUpkeep({ registry }: Runtime): readonly RegisteredEntity[] {
  return [...registry.entities.values()].filter(
    ({ tenancy, pluginId, columns }) =>
      tenancy === 'global' && pluginId === 'core' && columns.has('tenantId'),
  )
}

function refersTo({ columns, extension }: AnyEntity, name: string): boolean {
  if (extension?.base.name === name) return true
  return Object.values(columns).some(({ spec }) => spec.reference?.target().name === name)
}

async function removeBytes(runtime: Runtime, tenantId: string, size: number): Promise<void> {
  const signal = new AbortController().signal
  const scope = { tenantId, requestId: runtime.ids.next(), origin: 'live', signal } as const
  const ctx = runtime.context({ ...scope, actor: { kind: 'system', id: 'system', permissions: new Set() } })
  const files = await ctx.dbWithRemoved.selectFrom('files').select('id').orderBy('id').limit(size).execute()
  for (const { id } of files) await storeOf(ctx).remove(ctx, id as string)
}

async function removeDocuments(
  runtime: Runtime,
  connection: Connection,
  tenantId: string,
  size: number,
): Promise<number> {
  const run = systemStatements(runtime, connection, 'tenantRows')
  const documents = await run<{ readonly id: string; readonly entity: string }>(
    'documents',
    (db, p) =>
      db
        .selectFrom('searchDocuments')
        .select(['id', 'entity'])
        // tenant-site: tenants.documents
        .where('tenantId', '=', p('tenantId'))
        .limit(p('size')),
    { tenantId, size },
  )
  const scope = { runtime, connection, tenantId }
  for (const [entity, rows] of Map.groupBy(documents, (one) => one.entity)) {
    await searchIndex(runtime).remove(
      scope,
      entity,
      rows.map(({ id }) => id),
    )
  }
  return documents.length
}

async function removeRows(
  runtime: Runtime,
  connection: Connection,
  { name }: AnyEntity,
  { tenantId, size }: { readonly tenantId: string; readonly size: number },
): Promise<number> {
  const run = systemStatements(runtime, connection, 'tenantRows')
  const removed = await run(
    `remove ${name}`,
    (db, p) => {
      const slice = db
        .selectFrom(name)
        .select('id')
        // tenant-site: tenants.slice
        .where('tenantId', '=', p('tenantId'))
        .limit(p('size'))
      // tenant-site: tenants.rows
      return db
        .deleteFrom(name)
        .where('tenantId', '=', p('tenantId'))
        .where('id', 'in', slice)
        .returning('id')
    },
    { tenantId, size },
  )
  return removed.length
}
