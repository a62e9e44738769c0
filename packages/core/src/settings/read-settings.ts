import type { Ctx } from '../context/context.ts'
import type { Settings } from './settings.ts'

/** The tenant's settings of one kind with defaults filled in; a stored field that no longer fits falls back too. */
export async function readSettings<T>(ctx: Ctx, settings: Settings<T>): Promise<T> {
  const stored = await findSetting(ctx, settings.name)
  if (!stored) return settings.schema.parse({})
  const parsed = settings.schema.safeParse(stored.value)
  if (parsed.success) return parsed.data
  ctx.log.warn(
    { settings: settings.name, issues: parsed.error.issues.length },
    'stored settings do not fit their schema; using defaults for them',
  )
  const broken = new Set(parsed.error.issues.map((issue) => String(issue.path[0])))
  return settings.schema.parse(
    Object.fromEntries(Object.entries(stored.value as object).filter(([name]) => !broken.has(name))),
  )
}

/** The stored row of one kind of settings. */
export async function findSetting(
  ctx: Ctx,
  name: string,
): Promise<{ id: string; version: number; value: unknown } | null> {
  const row = await ctx.db
    .selectFrom('settings')
    .select(['id', 'version', 'value'])
    .where('name', '=', name)
    .executeTakeFirst()
  return row ?? null
}
