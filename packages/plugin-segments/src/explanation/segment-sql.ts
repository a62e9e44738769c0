import { countQuery, membersQuery } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { Segment } from '../segment/segment.entity.ts'

/** What a database is asked, as it is sent. */
export interface SentStatement {
  readonly sql: string
  /** In the order of the placeholders; bytes as hexadecimal digits. */
  readonly parameters: readonly unknown[]
}

/** How a segment's condition is asked of the database, and what it took. */
export interface SegmentSql {
  readonly count: SentStatement
  /** The ids of whoever meets the condition, in order. */
  readonly members: SentStatement
  /** What the planner expects, before it looks; null of databases that do not say. */
  readonly estimatedRows: number | null
  readonly actualCount: number
  /** How long the count took, in milliseconds, waiting included. */
  readonly took: number
}

/**
 * The statements of a segment's condition. Counts once; writes nothing.
 * @throws `entity.not_found`, `condition.invalid` when a plugin that brought one of its types is gone
 */
export async function segmentSql(ctx: Ctx, segmentId: string): Promise<SegmentSql> {
  const language = languageOf(ctx)
  const condition = language.parse((await ctx.repo(Segment).get(segmentId)).condition)
  const environment = await environmentOf(ctx)
  const count = countQuery(ctx, language, condition, environment)
  const ids = membersQuery(ctx, language, condition, environment).select('customers.id')
  const members = ids.orderBy('customers.id')
  const estimatedRows = estimateOf(await members.explain())
  const startedAt = performance.now()
  const [found] = await ctx.population.run<{ count: number }>(count)
  const took = performance.now() - startedAt
  return {
    count: sentOf(count),
    members: sentOf(members),
    estimatedRows,
    actualCount: found?.count ?? 0,
    took,
  }
}

/** PostgreSQL answers lines of text, of which the first is of the whole; SQLite answers its program. */
function estimateOf([whole]: readonly Readonly<Record<string, unknown>>[]): number | null {
  const [line] = Object.values(whole ?? {})
  const rows = typeof line === 'string' ? /\brows=(\d+)/.exec(line)?.[1] : undefined
  return rows === undefined ? null : Number(rows)
}

function sentOf(query: {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}): SentStatement {
  const { sql, parameters } = query.compile()
  return { sql, parameters: parameters.map(shown) }
}

function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' ? String(value) : value
}
