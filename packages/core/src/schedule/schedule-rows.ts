import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { slicesOf } from '../entity/slices.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { toTimestamp } from '../ports/clock.ts'
import { cronOf } from './cron.ts'
import type { Schedule } from './schedule.ts'
import { scheduleStatements, tenantZones, type RunScheduleStatement } from './schedule-statements.ts'

/** Rows written in one transaction at most. */
const SLICE = 200
/** Rows read at once. */
const PAGE = 1000

/** What a row must have been worked out from; another text, and it is worked out anew. */
export function definitionOf({ name, options: { cron, zone, each } }: Schedule): string {
  return `${name} ${each} ${cron} ${zone}`
}

/** Makes the rows of a schedule those of its tenants, all worked out from what the code says today. */
export async function alignRows(
  runtime: Runtime,
  schedule: Schedule,
  tenants: readonly string[],
): Promise<void> {
  const missing = new Set(tenants)
  const stale: string[] = []
  const gone: string[] = []
  const definition = definitionOf(schedule)
  for await (const row of rowsOf(runtime, schedule)) {
    if (!missing.delete(row.tenantId)) gone.push(row.tenantId)
    else if (row.definition !== definition) stale.push(row.tenantId)
  }
  await removeRows(runtime, schedule, gone)
  await addRows(runtime, schedule, [...missing])
  await inSlices(runtime, stale, (run, slice) =>
    renew(runtime, run, schedule, { tenantIds: slice, due: 'drop' }),
  )
}

/** Adds the rows that are not there; their first instant is the next from now. */
export function addRows(runtime: Runtime, schedule: Schedule, tenantIds: readonly string[]): Promise<void> {
  return inSlices(runtime, tenantIds, async (run, slice) => {
    const nextOf = await instants(runtime, run, schedule, slice)
    for (const tenantId of slice) {
      await run(
        'add',
        (db, p) =>
          db
            .insertInto('schedules')
            .values({
              id: p('id'),
              tenantId: p('tenantId'),
              name: p('name'),
              definition: p('definition'),
              zone: p('zone'),
              nextRunAt: p('nextRunAt'),
              version: 1,
              createdAt: p('now'),
              updatedAt: p('now'),
            })
            // Another process may have been faster.
            .onConflict((conflict) => conflict.doNothing()),
        {
          id: runtime.ids.next(),
          tenantId,
          name: schedule.name,
          definition: definitionOf(schedule),
          now: toTimestamp(runtime.clock.now()),
          ...nextOf(tenantId),
        },
      )
    }
  })
}

export function removeRows(
  runtime: Runtime,
  schedule: Schedule,
  tenantIds: readonly string[],
): Promise<void> {
  return inSlices(runtime, tenantIds, async (run, slice) => {
    await run(
      'remove',
      (db, p) =>
        db
          .deleteFrom('schedules')
          .where('name', '=', p('name'))
          .where((eb) => runtime.sql.helpers.anyOf(eb.ref('tenantId'), 'text', p('tenantIds'))),
      { name: schedule.name, tenantIds: slice },
    )
  })
}

/**
 * Works the next instant out anew, from now on.
 *
 * @param due what becomes of an instant that has come and not yet fired; one that is kept fires by its old zone
 */
export async function renew(
  runtime: Runtime,
  run: RunScheduleStatement,
  schedule: Schedule,
  { tenantIds, due }: { readonly tenantIds: readonly string[]; readonly due: 'keep' | 'drop' },
): Promise<void> {
  const nextOf = await instants(runtime, run, schedule, tenantIds)
  for (const tenantId of tenantIds) {
    await run(
      `renew.${due}`,
      (db, p) =>
        db
          .updateTable('schedules')
          .set((eb) => ({
            definition: p('definition'),
            zone: p('zone'),
            nextRunAt: p('nextRunAt'),
            version: eb('version', '+', 1),
            updatedAt: p('now'),
          }))
          .where('name', '=', p('name'))
          // tenant-site: schedules.renew
          .where('tenantId', '=', p('tenantId'))
          .where((eb) =>
            due === 'drop'
              ? eb.lit(true)
              : eb.or([eb('nextRunAt', 'is', null), eb('nextRunAt', '>', p('now'))]),
          ),
      {
        tenantId,
        name: schedule.name,
        definition: definitionOf(schedule),
        now: toTimestamp(runtime.clock.now()),
        ...nextOf(tenantId),
      },
    )
  }
}

async function instants(
  runtime: Runtime,
  run: RunScheduleStatement,
  { options: { cron, zone } }: Schedule,
  tenantIds: readonly string[],
): Promise<(tenantId: string) => { readonly zone: string; readonly nextRunAt: string | null }> {
  const now = runtime.clock.now()
  const zoneOf = zone === 'tenant' ? await tenantZones(runtime, run, tenantIds) : () => zone
  return (tenantId) => {
    const next = cronOf(cron, zoneOf(tenantId)).next(now)
    return { zone: zoneOf(tenantId), nextRunAt: next === null ? null : toTimestamp(next) }
  }
}

async function inSlices(
  runtime: Runtime,
  tenantIds: readonly string[],
  write: (run: RunScheduleStatement, slice: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const slice of slicesOf(tenantIds, SLICE)) {
    await runtime.storage.write({ tenantId: WHOLE_INSTANCE }, (connection) =>
      write(scheduleStatements(runtime, connection), slice),
    )
  }
}

async function* rowsOf(
  runtime: Runtime,
  { name }: Schedule,
): AsyncGenerator<{ readonly tenantId: string; readonly definition: string }> {
  for (let after = ''; ;) {
    const rows = await runtime.storage.read({ tenantId: WHOLE_INSTANCE }, (connection) =>
      scheduleStatements(runtime, connection)(
        'rows',
        (db, p) =>
          db
            .selectFrom('schedules')
            .select(['tenantId', 'definition'])
            .where('name', '=', p('name'))
            .where('tenantId', '>', p('after'))
            .orderBy('tenantId')
            .limit(PAGE),
        { name, after },
      ),
    )
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)!.tenantId
  }
}
