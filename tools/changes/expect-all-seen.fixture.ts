import type { Change, Money } from '@clientele/core'
import { expect } from 'vitest'
import type { Shop } from '../isolation/shop.ts'
import { expectOnRecord } from './on-record.fixture.ts'
import { differences, entityName, storedRows, type Difference, type StoredRows } from './stored-rows.ts'

/** Columns that only `t.projection` writes: sums and counters that no subscriber needs to see. */
const PROJECTED: Readonly<Record<string, readonly string[] | '*'>> = {
  customerActivities: '*',
  customerMetrics: '*',
  eventDefinitions: ['lastSeenAt'],
  orderCounters: '*',
  productStock: ['quantity'],
  segments: ['memberCount', 'evaluatedAt', 'status', 'runId', 'hasPins'],
  sources: ['lastSeenAt'],
  traitDefinitions: ['kind', 'lastSeenAt'],
}

/** Secrets are not read back, so no change names them. */
const SECRETS = new Set(['webhookEndpoints.secret', 'webhookEndpoints.previousSecret'])

/** Tables whose rows come without a base row. */
const MADE_ALONE = new Set(['orderCounters', 'eventDefinitions', 'traitDefinitions'])

/** Tables that follow from others whole: their rows come, change and go by projections only. */
export const DERIVED: ReadonlySet<string> = new Set([
  'auditEntries',
  'auditSeals',
  'auditSubjects',
  'customerSuppressions',
  'memberships',
  'segmentEpochs',
  'segmentRuns',
  'segmentTimers',
])

interface Watch {
  /** Somebody's request, of which everything must be on the record. @default false */
  readonly isOnRecord?: boolean
  /** Nothing was written since the last that was watched, so that one look is enough. @default false */
  readonly isNext?: boolean
}

const last = new WeakMap<Shop, StoredRows>()

/** Runs `write` and holds what subscribers were told against what the database has become. Answers how many rows. */
export async function expectAllSeen(
  shop: Shop,
  tenantId: string,
  name: string,
  write: () => Promise<unknown>,
  { isOnRecord = false, isNext = false }: Watch = {},
): Promise<number> {
  const before = (isNext && last.get(shop)) || (await storedRows(shop, tenantId))
  shop.test.recorder.clear()
  const done = await write().then(
    () => true,
    () => false,
  )
  const after = await storedRows(shop, tenantId)
  last.set(shop, after)
  const changed = differences(before, after).filter((one) => !isProjected(one))
  if (done && isOnRecord) expectOnRecord(name, changed, { before, after })
  if (!done) expect(changed, `${name} failed, and nothing remains of it`).toEqual([])
  const seen = new Map<string, Change[]>()
  // What all tenants share names none in its rows.
  const ofTenants = new Set(shop.tables.map(entityName))
  const own = shop.test.recorder.changes.filter(({ entity }) => ofTenants.has(entity.name))
  for (const change of done ? own : []) {
    const key = `${change.entity.name} ${change.id}`
    seen.set(key, [...(seen.get(key) ?? []), change])
  }
  for (const one of changed) expectSeen(`${name}: ${one.table} ${one.id}`, one, seen)
  for (const [key, changes] of seen) {
    const row = after.get(key)
    const last = changes.at(-1)!
    // What was told is what stands there now; a removed row may be gone or hidden.
    if (last.after) expect(row, `${name}: ${key}`).toMatchObject(storedForm(last))
    else expect(row?.['deletedAt'] ?? 'gone', `${name}: ${key}`).not.toBe(null)
  }
  return changed.length
}

function expectSeen(
  name: string,
  { table, id, kind, columns }: Difference,
  seen: Map<string, Change[]>,
): void {
  const changes = seen.get(`${table} ${id}`) ?? []
  expect(
    changes.map((change) => change.kind),
    name,
  ).toContain(kind)
  const told = new Set(changes.flatMap((change) => change.columns))
  expect(
    columns.filter((column) => !isExempt(table, column) && !told.has(column)),
    name,
  ).toEqual([])
}

function isProjected({ table, kind, columns }: Difference): boolean {
  if (DERIVED.has(table)) return true
  if (PROJECTED[table] === '*' && kind === 'patch') return true
  if (MADE_ALONE.has(table) && (kind === 'insert' || table === 'orderCounters')) return true
  return kind === 'patch' && columns.length > 0 && columns.every((column) => isExempt(table, column))
}

function isExempt(table: string, column: string): boolean {
  const projected = PROJECTED[table]
  if (SECRETS.has(`${table}.${column}`)) return true
  return projected === '*' || (projected?.includes(column) ?? false)
}

/** A row as a change tells it, in the columns of its table. */
function storedForm({ entity, after }: Change): object {
  const entries = Object.entries<unknown>(after ?? {}).flatMap(([name, value]) => {
    if (isExempt(entity.name, name)) return []
    const isMoney = entity.columns[name]?.kind === 'money'
    if (!isMoney) return [[name, value]]
    return [
      [name, (value as Money | null)?.amount ?? null],
      [`${name}Currency`, (value as Money | null)?.currency ?? null],
    ]
  })
  return Object.fromEntries(entries) as object
}
