import type { Ctx, Tx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { BATCH } from '../entity/entity-reader.ts'
import { shapeOf, type Values } from '../entity/row-shape.ts'
import { slicesById } from '../entity/slices.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { eraseRows, withoutPerson, type ErasedRows } from './erase-rows.ts'
import { moveRows, moveRowsBack, type Move, type MovedRows } from './move-rows.ts'
import { subjectReferences } from './subject-references.ts'
import { SubjectTraces } from './subject-traces.ts'
import { setColumns } from './write-rows.ts'

/** A row about a person, of whatever plugin. */
export interface SubjectRow {
  readonly entity: string
  readonly row: Values
}

/**
 * The rows of all plugins that hang on a person: an entity with `subject: true`. It follows what each reference says
 * (`onMerge`, `onErase`) and which columns are personal (`pii`), so that no plugin has to be asked.
 */
export interface SubjectRows {
  /**
   * Lets the rows of `from` follow to `to`. The answer takes the move back; keep it as JSON. Whoever calls holds the
   * locks of both persons.
   */
  move(t: Tx, subject: AnyEntity, move: Move): Promise<readonly MovedRows[]>
  /**
   * Takes a move back: rows that are still at `at` return to `to`, rows that went because the survivor had one come
   * again. Rows removed since stay away; rows of plugins that are no longer installed are left alone.
   */
  moveBack(
    t: Tx,
    moved: readonly MovedRows[],
    persons: { readonly to: string; readonly at: string },
  ): Promise<void>
  /**
   * Does to the rows of all plugins what their references say, and empties the personal columns of the person's own
   * row and its extensions, and its key in another system. The row itself stays, so that what the law keeps still has
   * something to refer to.
   */
  erase(t: Tx, subject: AnyEntity, id: string): Promise<readonly ErasedRows[]>
  /** Everything that is kept about a person, their own row first; secrets are left out, removed rows are not. */
  all(ctx: Ctx, subject: AnyEntity, id: string): AsyncIterable<SubjectRow>
}

export const SubjectRows = defineService<SubjectRows>('core.subject-rows')

export function createSubjectRows(): SubjectRows {
  return { move, moveBack, erase, all }
}

async function move(t: Tx, subject: AnyEntity, by: Move): Promise<readonly MovedRows[]> {
  const moved: MovedRows[] = []
  for (const reference of subjectReferences(runtimeOf(t).registry, subject)) {
    const rows = await moveRows(t, reference, by)
    if (rows) moved.push(rows)
  }
  return moved
}

async function moveBack(
  t: Tx,
  moved: readonly MovedRows[],
  persons: { readonly to: string; readonly at: string },
): Promise<void> {
  const { entities } = runtimeOf(t).registry
  for (const rows of moved.toReversed()) {
    const registered = entities.get(rows.entity)
    if (registered?.columns.has(rows.column)) await moveRowsBack(t, registered, rows, persons)
  }
}

async function erase(t: Tx, subject: AnyEntity, id: string): Promise<readonly ErasedRows[]> {
  const { registry } = runtimeOf(t)
  const erased: ErasedRows[] = []
  for (const reference of subjectReferences(registry, subject)) {
    erased.push(await eraseRows(t, reference, id))
  }
  const own = registry.entities.get(subject.name)!
  for (const registered of [...own.extensions, own]) {
    const keys = registered.entity.options.importable ? { source: null, externalId: null } : {}
    await setColumns(t, registered, [id], { ...withoutPerson(registered), ...keys })
  }
  for (const trace of t.extensions(SubjectTraces)) await trace.erase(t, subject, id)
  return erased
}

async function* all(ctx: Ctx, subject: AnyEntity, id: string): AsyncIterable<SubjectRow> {
  const { registry } = runtimeOf(ctx)
  const own = registry.entities.get(subject.name)!
  for (const registered of [own, ...own.extensions]) yield* rowsWhere(ctx, registered, 'id', id)
  for (const { registered, column } of subjectReferences(registry, subject).toReversed()) {
    yield* rowsWhere(ctx, registered, column, id)
  }
}

async function* rowsWhere(
  ctx: Ctx,
  registered: RegisteredEntity,
  column: string,
  id: string,
): AsyncIterable<SubjectRow> {
  const entity = registered.entity.name
  const shape = shapeOf(registered)
  const query = ctx.dbWithRemoved
    .selectFrom(entity)
    .select(shape.selected as string[])
    .where(column, '=', id)
  // `any`: records of whatever entity it is.
  for await (const records of slicesById<any>(query, BATCH)) {
    for (const record of records) yield { entity, row: shape.toRow(record) }
  }
}
