import { isTimed, membersQuery, type Condition, type Environment } from '@clientele/conditions'
import {
  isClienteleError,
  onChange,
  Setting,
  TenantSettings,
  type ChangeSubscriber,
  type Tx,
} from '@clientele/core'
import { isDeepStrictEqual } from 'node:util'
import { environmentIn } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { Memberships } from '../membership/memberships.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { startRun } from './runs.ts'

/**
 * A tenant that moves to another zone, or counts in a currency of other digits: segments that ask about days or money
 * are computed anew. What is decided from then on is decided by the new settings.
 */
export const settingsMoved: ChangeSubscriber = onChange(Setting, 'segments.settings', async (changes, t) => {
  const change = changes.find(({ before, after }) => (after ?? before)?.name === TenantSettings.name)
  if (!change) return
  const was = environmentIn(t, fitting(change.before?.value))
  const is = environmentIn(t, fitting(change.after?.value))
  if (was.timeZone === is.timeZone && was.currencyDigits === is.currencyDigits) return
  await recomputeMoved(t, { was, is: { ...is, now: was.now } })
})

/** As settings are read: stored fields that no longer fit are their defaults. */
function fitting(stored: Readonly<Record<string, unknown>> = {}) {
  const { schema } = TenantSettings
  const parsed = schema.safeParse(stored)
  if (parsed.success) return parsed.data
  const broken = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
  return schema.parse(Object.fromEntries(Object.entries(stored).filter(([name]) => !broken.has(name))))
}

interface Move {
  readonly was: Environment
  readonly is: Environment
}

async function recomputeMoved(t: Tx<AudienceTables>, move: Move): Promise<void> {
  await t.get(Memberships).definitions.change(t, async () => {
    const segments = await t.db
      .selectFrom('segments')
      .select(['id', 'definition', 'condition'])
      .where('kind', '=', 'dynamic')
      .orderBy('id')
      .execute()
    for (const { id, definition, condition } of segments)
      if (isMoved(t, condition, move)) await startRun(t, id, { reason: 'due', definition })
  })
}

/** Whether its members, or the instants at which they change, may be others. */
function isMoved(t: Tx, stored: unknown, { was, is }: Move): boolean {
  const language = languageOf(t)
  let condition: Condition
  try {
    condition = language.parse(stored)
  } catch (error) {
    // A plugin that brought one of its condition types is gone: nobody can say who is in.
    if (isClienteleError(error)) return false
    throw error
  }
  if (was.timeZone !== is.timeZone && isTimed(language, condition)) return true
  const [before, after] = [was, is].map((environment) => {
    const { sql, parameters } = membersQuery(t, language, condition, environment)
      .select('customers.id')
      .compile()
    return { sql, parameters }
  })
  return !isDeepStrictEqual(before, after)
}
