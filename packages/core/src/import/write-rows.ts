import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../context/context.ts'
import { BATCH } from '../entity/entity-reader.ts'
import type { WriterTx } from '../entity/entity-writer.ts'
import { UpsertRace } from '../entity/entity-error.ts'
import { prepared } from '../entity/prepared.ts'
import { shapeOf, type Values } from '../entity/row-shape.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { PatchedRow } from './import.entity.ts'
import { importErrors } from './import.errors.ts'
import type { ReadRow } from './row-reader.ts'

/** What became of rows. */
export interface WrittenRows {
  readonly inserted: readonly string[]
  readonly patched: readonly PatchedRow[]
  readonly unchanged: number
  readonly refused: readonly { readonly row: ReadRow; readonly error: unknown }[]
}

export interface WriteOptions {
  /** The field by which rows that exist are found; null: every row is new. */
  readonly key: string | null
  /** Rows created from this instant on may be the import's own. */
  readonly startedAt: string
}

interface Job extends WriteOptions {
  readonly registered: RegisteredEntity
}

/**
 * Inserts rows, or patches those that exist by their key with what differs. Rows that the database or a subscriber
 * refuses are found by halving, and the others are written all the same.
 */
export async function writeRows(
  t: Tx,
  registered: RegisteredEntity,
  rows: readonly ReadRow[],
  options: WriteOptions,
): Promise<WrittenRows> {
  if (rows.length === 0) return NOTHING
  return divide(t, { ...options, registered }, rows)
}

const NOTHING: WrittenRows = { inserted: [], patched: [], unchanged: 0, refused: [] }

async function divide(t: Tx, job: Job, rows: readonly ReadRow[], isAgain = false): Promise<WrittenRows> {
  try {
    return await t.tx((savepoint) => writeAll(savepoint, job, rows))
  } catch (error) {
    if (!isAboutRow(t, error)) throw error
    if (rows.length === 1) {
      // Somebody beside us may just have made the row of this key: looked for again, it is there.
      if (job.key !== null && !isAgain && isConflict(error)) return divide(t, job, rows, true)
      return { ...NOTHING, refused: [{ row: rows[0]!, error }] }
    }
  }
  const middle = Math.ceil(rows.length / 2)
  const first = await divide(t, job, rows.slice(0, middle))
  return joined(first, await divide(t, job, rows.slice(middle)))
}

function isConflict(error: unknown): boolean {
  return isClienteleError(error) && error.code === 'entity.conflict'
}

/** Also whatever a subscriber vetoes with; not what says that the transaction as a whole cannot go on. */
export function isAboutRow(t: Tx, error: unknown): boolean {
  if (error instanceof UpsertRace || t.signal.aborted) return false
  if (isClienteleError(error)) return error.status < 500 && error.code !== 'job.lease_lost'
  return !runtimeOf(t).storage.isRetryable(error)
}

async function writeAll(t: Tx, job: Job, given: readonly ReadRow[]): Promise<WrittenRows> {
  const { registered, key } = job
  const rows = await preparedRows(t, registered, given)
  if (key === null) return { ...NOTHING, inserted: await insert(t, registered, rows) }
  const known = await existing(t, registered, { key, rows })
  const fresh = new Map<string, ReadRow>()
  const later: ReadRow[] = []
  const loose: ReadRow[] = []
  const there: [Values, ReadRow][] = []
  for (const row of rows) {
    const value = keyOf(row.values, key)
    const found = value === null ? undefined : known.get(value)
    if (value === null) loose.push(row)
    else if (found) there.push([found, row])
    // A key that comes twice means the row that the first of them makes.
    else if (fresh.has(value)) later.push(row)
    else fresh.set(value, row)
  }
  const inserted = await insert(t, registered, [...fresh.values(), ...loose])
  const changed = await patchAll(t, job, there)
  const result = { ...NOTHING, inserted, ...changed }
  return later.length === 0 ? result : joined(result, await writeAll(t, job, later))
}

/** As the entity stores them, so that what it has already counts as unchanged. */
async function preparedRows(
  t: Tx,
  { entity }: RegisteredEntity,
  rows: readonly ReadRow[],
): Promise<readonly ReadRow[]> {
  if (!entity.options.prepare) return rows
  const values = await prepared(
    t,
    entity,
    rows.map((row) => row.values),
  )
  return rows.map((row, place) => ({ ...row, values: values[place]! }))
}

async function insert(t: Tx, { entity }: RegisteredEntity, rows: readonly ReadRow[]): Promise<string[]> {
  if (rows.length === 0) return []
  const inserted: readonly { readonly id: string }[] = await t
    .repo(entity)
    .insertMany(rows.map(({ values }) => values as never))
  return inserted.map(({ id }) => id)
}

async function patchAll(
  t: Tx,
  { registered, startedAt }: Job,
  rows: readonly (readonly [Values, ReadRow])[],
): Promise<Pick<WrittenRows, 'patched' | 'unchanged'>> {
  const patched: PatchedRow[] = []
  const current = new Map<string, Values>()
  for (const [found, { values }] of rows) {
    const id = found['id'] as string
    const row = current.get(id) ?? found
    const columns = Object.keys(values).filter(
      (name) => name !== 'id' && values[name] !== undefined && !isDeepStrictEqual(row[name], values[name]),
    )
    if (columns.length === 0) continue
    if (row['deletedAt']) throw importErrors['import.removed_row']({ id })
    const changes = picked(values, columns)
    const after: Values = await t.repo(registered.entity).patch(id, changes)
    current.set(id, after)
    patched.push({
      id,
      before: picked(row, columns),
      after: picked(after, columns),
      fresh: (row['createdAt'] as string) >= startedAt,
    })
  }
  return { patched, unchanged: rows.length - patched.length }
}

/** Rows by key. Removed ones own their id and their external id still; other keys are free again. */
async function existing(
  t: Tx,
  registered: RegisteredEntity,
  { key, rows }: { readonly key: string; readonly rows: readonly ReadRow[] },
): Promise<ReadonlyMap<string, Values>> {
  const shape = shapeOf(registered)
  const db = key === 'id' || key === 'externalId' ? (t as WriterTx).dbWithRemoved : t.db
  const found = new Map<string, Values>()
  const sources = Map.groupBy(rows, ({ values }) => (key === 'externalId' ? values['source'] : null))
  for (const [source, of] of sources) {
    const values = [
      ...new Set(of.map((row) => row.values[key]).filter((value) => value !== undefined && value !== null)),
    ]
    for (let from = 0; from < values.length; from += BATCH) {
      let query = db
        .selectFrom(registered.entity.name)
        .select(shape.selected as string[])
        .where(key, 'in', values.slice(from, from + BATCH))
      if (source !== null) query = query.where('source', '=', source)
      for (const record of (await query.execute()) as Values[]) {
        const row = shape.toRow(record)
        found.set(keyOf(row, key)!, row)
      }
    }
  }
  return found
}

function keyOf(values: Values, key: string): string | null {
  const value = values[key]
  if (value === undefined || value === null) return null
  return key === 'externalId' ? JSON.stringify([values['source'], value]) : `${value as string | number}`
}

function picked(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name]]))
}

function joined(a: WrittenRows, b: WrittenRows): WrittenRows {
  return {
    inserted: [...a.inserted, ...b.inserted],
    patched: [...a.patched, ...b.patched],
    unchanged: a.unchanged + b.unchanged,
    refused: [...a.refused, ...b.refused],
  }
}
