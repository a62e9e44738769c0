import type { Kysely } from 'kysely'
import type { ReadRepo } from '../context/context.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { executeList } from '../http/list-execute.ts'
import type { ListQuery, Page } from '../http/list-query.ts'
import type { InternalCtx, Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { isGlobal } from '../storage/physical.ts'
import type { AnyEntity } from './entity.ts'
import { shapeOf, type RowShape, type Values } from './row-shape.ts'
import { slicesOf } from './slices.ts'

/** The keys one statement names at most. */
export const BATCH = 500

/** Reads of one entity through a context. */
// `any`: rows are typed where the entity is named, by the interface this implements; here they are plain records.
export class EntityReader implements ReadRepo<AnyEntity> {
  protected readonly runtime: Runtime
  protected readonly ctx: InternalCtx
  protected readonly registered: RegisteredEntity
  protected readonly shape: RowShape

  constructor(runtime: Runtime, ctx: InternalCtx, entity: AnyEntity) {
    const registered = runtime.registry.entities.get(entity.name)
    if (registered?.entity !== entity) {
      throw new TypeError(
        `Entity "${entity.name}" is not of an installed plugin; add its plugin to the composition`,
      )
    }
    this.runtime = runtime
    this.ctx = ctx
    this.registered = registered
    this.shape = shapeOf(registered)
  }

  async find(id: string): Promise<any> {
    const key = `find ${this.registered.entity.name}`
    const [record] = await this.ctx.prepared<Values>(
      key,
      (db, p) => this.select(db).where('id', '=', p('id')),
      { id },
    )
    return record ? this.shape.toRow(record) : null
  }

  async get(id: string): Promise<any> {
    return (await this.find(id)) ?? this.throwNotFound(id)
  }

  async getMany(ids: readonly string[]): Promise<any[]> {
    const rows = await this.byIds(this.ctx.db, ids)
    return ids.flatMap((id) => rows.get(id) ?? [])
  }

  async findBySource(source: string, externalId: string): Promise<any> {
    const record = await this.select(this.ctx.db)
      .where('source', '=', source)
      .where('externalId', '=', externalId)
      .executeTakeFirst()
    return record ? this.shape.toRow(record) : null
  }

  list(query: ListQuery): Promise<Page<any>> {
    return executeList(this.runtime, this.ctx, this.registered, query, (record: Values) =>
      this.shape.toRow(record),
    )
  }

  async reveal(id: string, column: string): Promise<string | null> {
    const record = await this.ctx.db
      .selectFrom(this.registered.entity.name)
      .select(column)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!record) return this.throwNotFound(id)
    const sealed = record[column] as Uint8Array | null
    return sealed && this.runtime.keys.decrypt(this.sealPurpose(column, id), sealed)
  }

  protected select(db: Kysely<any>): any {
    return db.selectFrom(this.registered.entity.name).select(this.shape.selected as string[])
  }

  /** Rows by id, read in batches. */
  protected async byIds(db: Kysely<any>, ids: readonly string[]): Promise<Map<string, Values>> {
    const rows = new Map<string, Values>()
    for (const batch of slicesOf(ids, BATCH)) {
      for (const record of await this.select(db).where('id', 'in', batch).execute())
        rows.set(record.id, this.shape.toRow(record))
    }
    return rows
  }

  protected sealPurpose(column: string, id: string): string {
    const { entity } = this.registered
    // What all tenants share is read in the context of any.
    const tenantId = isGlobal(entity.options) ? WHOLE_INSTANCE : this.ctx.tenantId
    return `secret/${tenantId}/${entity.name}/${column}/${id}`
  }

  protected throwNotFound(id: string): never {
    throw coreErrors['entity.not_found']({ entity: this.registered.entity.name, id })
  }
}
