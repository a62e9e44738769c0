import { isDeepStrictEqual } from 'node:util'
import type { Kysely } from 'kysely'
import { isWatched, type ChangedRow } from '../change/announce.ts'
import { isRecorded, record } from '../change/record.ts'
import type { Repo, RestoreOptions, SourceKey, WriteOptions } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { fromTimestamp, type Timestamp } from '../ports/clock.ts'
import { alikeRuns } from './alike-runs.ts'
import { cascadedRows, removes } from './cascade.ts'
import type { AnyEntity } from './entity.ts'
import { asEntityError, UpsertRace } from './entity-error.ts'
import { BATCH, EntityReader } from './entity-reader.ts'
import { prepared } from './prepared.ts'
import { shapeOf, type Values } from './row-shape.ts'
import { slicesOf } from './slices.ts'
import { requireStorable } from './storable.ts'

/** How long a removal can be undone: 30 days. */
export const UNDO_MS = 30 * 86_400_000

/** What a writer needs of its transaction besides the public face. */
export interface WriterTx extends InternalTx {
  /** The same tenant with direct writes allowed. */
  readonly writable: Kysely<any>
  /** As `writable`, and soft-removed rows are seen. */
  readonly withRemoved: Kysely<any>
}

/** Writes of one entity through a transaction: stamps, writes, and tells every subscriber. */
// `any`: rows are typed where the entity is named, by the interface this implements; here they are plain records.
export class EntityWriter extends EntityReader implements Repo<AnyEntity> {
  readonly #t: WriterTx

  constructor(runtime: Runtime, t: WriterTx, entity: AnyEntity) {
    super(runtime, t, entity)
    this.#t = t
  }

  async insert(values: Values): Promise<any> {
    return (await this.insertMany([values]))[0]
  }

  async insertMany(given: readonly Values[]): Promise<any[]> {
    if (this.registered.entity.extension) {
      throw new TypeError(
        `Rows of "${this.registered.entity.name}" come with "${this.registered.entity.extension.base.name}"; patch them instead`,
      )
    }
    for (const one of given) requireStorable(this.registered.entity, one)
    const values = await prepared(this.#t, this.registered.entity, given)
    const now = this.ctx.now()
    const rows = values.map((one) =>
      this.shape.newRow(one, { id: (one['id'] as string | undefined) ?? this.ctx.newId(), now }),
    )
    await this.#insertRows(this.registered, rows)
    for (const extension of this.registered.extensions) {
      const shape = shapeOf(extension)
      await this.#insertRows(
        extension,
        rows.map((row) => shape.newRow({}, { id: row['id'] as string, now })),
      )
    }
    return rows
  }

  async patch(id: string, given: Values, options: WriteOptions = {}): Promise<any> {
    requireStorable(this.registered.entity, given)
    const [changes = given] = await prepared(this.#t, this.registered.entity, [given], [id])
    return this.#patch(id, changes, options)
  }

  async #patch(id: string, changes: Values, options: WriteOptions = {}): Promise<Values> {
    const before = isWatched(this.runtime.registry, this.registered.entity, this.#t)
      ? await this.#locked(this.#t.db, id)
      : null
    const after = await this.#update(
      this.#t.writable,
      id,
      this.shape.toColumns(changes, id, this.#seal),
      options,
    )
    await this.#record('patch', [{ id, before, after }], Object.keys(changes))
    return after
  }

  async patchMany(given: readonly { readonly id: string; readonly changes: Values }[]): Promise<any[]> {
    const { entity } = this.registered
    const rows: Values[] = []
    const changes = entity.options.prepare ? await this.#preparedChanges(given) : given
    for (const { ids, changes: values } of alikeRuns(entity, changes)) {
      requireStorable(entity, values)
      rows.push(
        ...(ids.length === 1 ? [await this.#patch(ids[0]!, values)] : await this.#patchAlike(ids, values)),
      )
    }
    return rows
  }

  async #preparedChanges(
    given: readonly { readonly id: string; readonly changes: Values }[],
  ): Promise<readonly { readonly id: string; readonly changes: Values }[]> {
    const { entity } = this.registered
    for (const { changes } of given) requireStorable(entity, changes)
    const values = given.map(({ changes }) => changes)
    const ids = given.map(({ id }) => id)
    const changes = await prepared(this.#t, entity, values, ids)
    return given.map(({ id }, place) => ({ id, changes: changes[place]! }))
  }

  async remove(id: string, options: WriteOptions = {}): Promise<void> {
    if (this.registered.softDelete) return this.#hide(id, options)
    const { registry } = this.runtime
    const isSeen = removes(registry, this.registered, (one) => isRecorded(this.runtime, one))
    const before = isSeen ? await this.#locked(this.#t.db, id) : null
    const along = before
      ? await cascadedRows({ registry, db: this.#t.withRemoved }, this.registered, [id])
      : []
    await this.#delete(id, options)
    for (const { registered, rows } of along) {
      const removed = rows.map((row) => ({ id: row['id'] as string, before: row, after: null }))
      await record(this.#t, this.runtime, { kind: 'remove', registered, rows: removed })
    }
    if (before) await this.#record('remove', [{ id, before, after: null }])
  }

  async removeMany(ids: readonly string[]): Promise<void> {
    if (!this.registered.softDelete) {
      for (const id of ids) await this.remove(id)
      return
    }
    // One instant for all, or they would not be alike.
    const changes = { deletedAt: this.ctx.now() }
    const removals = ids.map((id) => ({ id, changes }))
    for (const run of alikeRuns(this.registered.entity, removals))
      await this.#writeAlike('remove', run.ids, run.changes)
  }

  async restore(id: string, { within = 'undo' }: RestoreOptions = {}): Promise<any> {
    const removed = this.registered.softDelete ? await this.#locked(this.#t.withRemoved, id) : null
    const removedAt = removed?.['deletedAt'] as Timestamp | null | undefined
    const until =
      within === 'ever' ? Number.POSITIVE_INFINITY : fromTimestamp(removedAt ?? this.ctx.now()) + UNDO_MS
    if (!removedAt || until < fromTimestamp(this.ctx.now())) return this.throwNotFound(id)
    const after = await this.#update(this.#t.withRemoved, id, { deletedAt: null }, {})
    await this.#record('restore', [{ id, before: removed, after }])
    return after
  }

  async upsert(values: Values & SourceKey): Promise<any> {
    return (await this.upsertMany([values]))[0]
  }

  async upsertMany(given: readonly (Values & SourceKey)[]): Promise<any[]> {
    const values = await prepared(this.#t, this.registered.entity, given)
    // A removed row still owns its key: an import finds it instead of failing on the unique index.
    const existing = await this.#bySource(values)
    const missing = new Map<string, Values>()
    for (const one of values) {
      const key = sourceKey(one)
      if (!existing.has(key)) missing.set(key, { ...missing.get(key), ...one })
    }
    const inserted = await this.#insertAsUpsert([...missing.values()])
    const rows = new Map([...missing.keys()].map((key, index) => [key, inserted[index]]))
    for (const one of values) {
      const key = sourceKey(one)
      const known = (rows.get(key) ?? existing.get(key)) as Values
      rows.set(key, missing.has(key) ? known : await this.#patchIfDifferent(known, one))
    }
    return values.map((one) => rows.get(sourceKey(one)))
  }

  async #hide(id: string, options: WriteOptions): Promise<void> {
    const before = isWatched(this.runtime.registry, this.registered.entity, this.#t)
      ? await this.#locked(this.#t.db, id)
      : null
    await this.#update(this.#t.writable, id, { deletedAt: this.ctx.now() }, options)
    await this.#record('remove', [{ id, before, after: null }])
  }

  #patchAlike(ids: readonly string[], changes: Values): Promise<Values[]> {
    return this.#writeAlike('patch', ids, this.shape.toColumns(changes, '', this.#seal), Object.keys(changes))
  }

  /** As one after the other: up to the first that is not there, which ends it. */
  async #writeAlike(
    kind: 'patch' | 'remove',
    ids: readonly string[],
    columns: Values,
    set?: readonly string[],
  ): Promise<Values[]> {
    const known = await this.#lockedMany(ids)
    const missing = ids.find((id) => !known.has(id))
    const found = missing === undefined ? ids : ids.slice(0, ids.indexOf(missing))
    const after = await this.#updateMany(found, columns)
    const isSeen = isWatched(this.runtime.registry, this.registered.entity, this.#t)
    const written = found.map((id) => ({
      id,
      before: isSeen ? known.get(id)! : null,
      after: kind === 'patch' ? after.get(id)! : null,
    }))
    await this.#record(kind, written, set)
    if (missing !== undefined) this.throwNotFound(missing)
    return found.map((id) => after.get(id)!)
  }

  async #insertRows(registered: RegisteredEntity, rows: readonly Values[]): Promise<void> {
    if (rows.length === 0) return
    const shape = shapeOf(registered)
    const columns = [...registered.columns.values()]
    const encode = this.runtime.storage.sql.encode.bind(this.runtime.storage.sql)
    const records = rows.map((row) => {
      const record = shape.toColumns(row, row['id'] as string, this.#seal)
      // tenant-site: repo.insert
      if (registered.tenancy === 'tenant') record['tenantId'] = this.ctx.tenantId
      return columns.map(({ property, type }) => {
        const value = record[property]
        return value === null || value === undefined ? null : encode(type, value)
      })
    })
    try {
      await this.#t.connection.insertRows(registered.physicalName, columns, records)
    } catch (error) {
      throw this.#asEntityError(error, 'save')
    }
    for (const row of rows) shape.toPublic(row)
    if (!isRecorded(this.runtime, registered)) return
    const inserted = rows.map((after) => ({ id: after['id'] as string, before: null, after }))
    await record(this.#t, this.runtime, { kind: 'insert', registered, rows: inserted })
  }

  async #insertAsUpsert(rows: readonly Values[]): Promise<Values[]> {
    try {
      return await this.insertMany(rows)
    } catch (error) {
      // Between our read and our insert another transaction created the row: run the transaction again.
      throw UpsertRace.from(error)
    }
  }

  async #patchIfDifferent(row: Values, values: Values): Promise<Values> {
    const { columns } = this.registered.entity
    // A secret is not part of the row, so whether it differs is not known: it counts as different.
    const differs = Object.keys(values).filter((name) =>
      name in row
        ? name !== 'id' && values[name] !== undefined && !isDeepStrictEqual(row[name], values[name])
        : name in columns,
    )
    if (differs.length === 0 || row['deletedAt']) return row
    return this.patch(row['id'] as string, Object.fromEntries(differs.map((name) => [name, values[name]])))
  }

  async #bySource(values: readonly SourceKey[]): Promise<Map<string, Values>> {
    const found = new Map<string, Values>()
    for (const [source, of] of Map.groupBy(values, (one) => one.source)) {
      for (const batch of slicesOf(of, BATCH)) {
        const externalIds = batch.map((one) => one.externalId)
        const query = this.select(this.#t.withRemoved)
          .where('source', '=', source)
          .where('externalId', 'in', externalIds)
        for (const record of await query.execute()) found.set(sourceKey(record), this.shape.toRow(record))
      }
    }
    return found
  }

  async #update(db: Kysely<any>, id: string, columns: Values, options: WriteOptions): Promise<Values> {
    let query = db
      .updateTable(this.registered.entity.name)
      .set((eb: any) => ({ ...columns, version: eb('version', '+', 1), updatedAt: this.ctx.now() }))
      .where('id', '=', id)
    if (options.ifVersion !== undefined) query = query.where('version', '=', options.ifVersion)
    const record = await query
      .returning(this.shape.selected as string[])
      .executeTakeFirst()
      .catch((error: unknown) => {
        throw this.#asEntityError(error, 'save')
      })
    return record ? this.shape.toRow(record) : this.#throwStale(id, options)
  }

  async #updateMany(ids: readonly string[], columns: Values): Promise<Map<string, Values>> {
    if (ids.length === 0) return new Map()
    const records: Values[] = await this.#t.writable
      .updateTable(this.registered.entity.name)
      .set((eb: any) => ({ ...columns, version: eb('version', '+', 1), updatedAt: this.ctx.now() }))
      .where('id', 'in', ids)
      .returning(this.shape.selected as string[])
      .execute()
      .catch((error: unknown) => {
        throw this.#asEntityError(error, 'save')
      })
    return new Map(records.map((row) => [row['id'] as string, this.shape.toRow(row)]))
  }

  async #delete(id: string, options: WriteOptions): Promise<void> {
    let query = this.#t.writable.deleteFrom(this.registered.entity.name).where('id', '=', id)
    if (options.ifVersion !== undefined) query = query.where('version', '=', options.ifVersion)
    const { numDeletedRows } = await query.executeTakeFirstOrThrow().catch((error: unknown) => {
      throw this.#asEntityError(error, 'remove')
    })
    if (numDeletedRows === 0n) await this.#throwStale(id, options)
  }

  async #locked(db: Kysely<any>, id: string): Promise<Values> {
    const query = this.select(db).where('id', '=', id)
    const record = await (
      this.runtime.storage.capabilities.rowLocks ? query.forNoKeyUpdate() : query
    ).executeTakeFirst()
    return record ? this.shape.toRow(record) : this.throwNotFound(id)
  }

  /** In id order, so that two who want the same rows do not wait for each other. */
  async #lockedMany(ids: readonly string[]): Promise<Map<string, Values>> {
    const query = this.select(this.#t.db).where('id', 'in', ids).orderBy('id')
    const { rowLocks } = this.runtime.storage.capabilities
    const records: Values[] = await (rowLocks ? query.forNoKeyUpdate() : query).execute()
    return new Map(records.map((row) => [row['id'] as string, this.shape.toRow(row)]))
  }

  async #throwStale(id: string, { ifVersion }: WriteOptions): Promise<never> {
    const current = await this.find(id)
    if (!current || ifVersion === undefined) return this.throwNotFound(id)
    const entity = this.registered.entity.name
    throw coreErrors['entity.stale_version']({
      entity,
      id,
      expected: ifVersion,
      actual: current.version,
      current,
    })
  }

  #record(
    kind: 'patch' | 'remove' | 'restore',
    rows: readonly ChangedRow[],
    set: readonly string[] = [],
  ): Promise<void> {
    return record(this.#t, this.runtime, { kind, registered: this.registered, rows, set })
  }

  #seal = (column: string, id: string, plain: string): Uint8Array =>
    this.runtime.keys.encrypt(this.sealPurpose(column, id), plain)

  #asEntityError(error: unknown, action: 'save' | 'remove'): unknown {
    return asEntityError(error, this.registered, { storage: this.runtime.storage, action })
  }
}

function sourceKey(one: { readonly source?: unknown; readonly externalId?: unknown }): string {
  return JSON.stringify([one.source, one.externalId])
}
