import type { Runtime } from '../kernel/runtime.ts'
import { TenantSettings } from '../settings/settings.ts'
import { systemStatements, type RunStatement } from '../sql/system-statements.ts'
import type { Connection } from '../storage/storage.ts'
import type { SchedulesDb } from './schedule.entity.ts'

/** Runs a statement over schedules of all tenants on one connection; it is built once, by its key. */
export type RunScheduleStatement = RunStatement<SchedulesDb>

export function scheduleStatements(runtime: Runtime, connection: Connection): RunScheduleStatement {
  return systemStatements(runtime, connection, 'schedules')
}

/** The time zone in the settings of each tenant. */
export async function tenantZones(
  runtime: Runtime,
  run: RunScheduleStatement,
  tenantIds: readonly string[],
): Promise<(tenantId: string) => string> {
  const usual = zoneIn({})
  if (tenantIds.length === 0) return () => usual
  const stored = await run(
    'zones',
    (db, p) =>
      db
        .selectFrom('settings')
        .select(['tenantId', 'value'])
        // tenant-site: schedules.zones
        .where('name', '=', p('name'))
        .where((eb) => runtime.sql.helpers.anyOf(eb.ref('tenantId'), 'text', p('tenantIds'))),
    { name: TenantSettings.name, tenantIds: [...new Set(tenantIds)] },
  )
  const zones = new Map(stored.map(({ tenantId, value }) => [tenantId, zoneIn(value)]))
  return (tenantId) => zones.get(tenantId) ?? usual
}

/** The zone that stored settings say; where they do not fit any more, the default as everywhere. */
export function zoneIn(value: unknown): string {
  const parsed = TenantSettings.schema.safeParse(value)
  return (parsed.success ? parsed.data : TenantSettings.schema.parse({})).timeZone
}
