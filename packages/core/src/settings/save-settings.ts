import type { Tx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { findSetting } from './read-settings.ts'
import { Setting } from './setting.entity.ts'
import type { Settings } from './settings.ts'

/**
 * Changes settings of one kind; fields left out stay as they are.
 * @throws `http.invalid_request` naming each field that does not fit
 */
export async function saveSettings<T>(
  t: Tx,
  { name, schema }: Settings<T>,
  changes: Readonly<Record<string, unknown>>,
): Promise<{ readonly version: number; readonly value: T }> {
  const row = await findSetting(t, name)
  const parsed = schema.safeParse({ ...(row?.value as object | undefined), ...changes })
  if (!parsed.success) {
    const issues = parsed.error.issues.map((i) => ({ path: i.path.join('.'), message: i.message }))
    throw coreErrors['http.invalid_request']({ part: 'body', issues })
  }
  const value = parsed.data
  const repo = t.repo(Setting)
  const stored = value as never
  const saved = row ? await repo.patch(row.id, { value: stored }) : await repo.insert({ name, value: stored })
  return { version: saved.version, value }
}
