import { onChange } from '../change/change.ts'
import { runtimeOf, type InternalTx } from '../kernel/runtime.ts'
import { Setting } from '../settings/setting.entity.ts'
import { TenantSettings } from '../settings/settings.ts'
import { renew } from './schedule-rows.ts'
import { scheduleStatements, zoneIn } from './schedule-statements.ts'

/** A tenant that moves to another zone: what goes by its clocks is worked out anew, in the same transaction. */
export const onZoneChange = onChange(Setting, 'core.schedules.zone', async (changes, t) => {
  const moved = changes.some(({ before, after }) => {
    const name = (after ?? before)?.name
    return name === TenantSettings.name && zoneIn(before?.value ?? {}) !== zoneIn(after?.value ?? {})
  })
  if (!moved) return
  const runtime = runtimeOf(t)
  const run = scheduleStatements(runtime, (t as InternalTx).connection)
  for (const schedule of runtime.registry.schedules.values()) {
    if (schedule.options.zone === 'tenant')
      await renew(runtime, run, schedule, { tenantIds: [t.tenantId], due: 'keep' })
  }
})
