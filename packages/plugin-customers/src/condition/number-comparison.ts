import { sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'

/** How a number that is never missing is compared; `between` holds both ends. */
export const numberOperators = ['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between'] as const
export type NumberOperator = (typeof numberOperators)[number]

/** A comparison with a constant; `between` takes two. */
export interface NumberComparison {
  readonly operator: NumberOperator
  readonly value: number | readonly [number, number]
}

/** What a comparison with numbers of a kind must be, to be spread into a schema. */
export function numberComparisonShape(item: z.ZodType<number>) {
  return {
    operator: z.enum(numberOperators),
    value: z.union([item, z.tuple([item, item])]) as z.ZodType<NumberComparison['value']>,
  }
}

/** One number, or two where two are compared. */
export function valueIssue({ operator, value }: NumberComparison): string | null {
  if ((operator === 'between') === Array.isArray(value)) return null
  return operator === 'between' ? '"between" takes two numbers: [from, to]' : `"${operator}" takes one number`
}

/** What a count must be. */
export const countSchema: z.ZodType<NumberComparison> = z
  .strictObject(numberComparisonShape(z.number().int().min(0).max(1_000_000_000)))
  .superRefine((count, ctx) => {
    const message = valueIssue(count)
    if (message) ctx.addIssue({ code: 'custom', path: ['value'], message })
  })

/** Whether a number compares; works on bigints alike. */
export function holds<N extends number | bigint>(
  actual: N,
  operator: NumberOperator,
  value: N | readonly [N, N],
): boolean {
  const [a, b] = (Array.isArray(value) ? value : [value, value]) as [N, N]
  if (operator === 'between') return actual >= a && actual <= b
  if (operator === 'is') return actual === a
  if (operator === 'isNot') return actual !== a
  if (operator === 'gt') return actual > a
  if (operator === 'gte') return actual >= a
  return operator === 'lt' ? actual < a : actual <= a
}

const SIGNS = { is: '=', isNot: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** The same in SQL. `toSql` makes the constant's side. */
export function compiledComparison(
  actual: Expression<unknown>,
  { operator, value }: NumberComparison,
  toSql: (constant: number) => Expression<unknown> = (constant) => sql`${sql.lit(constant)}`,
): Expression<SqlBool> {
  if (operator === 'between') {
    const [from, to] = value as readonly [number, number]
    return sql<SqlBool>`(${actual} >= ${toSql(from)} and ${actual} <= ${toSql(to)})`
  }
  return sql<SqlBool>`(${actual} ${sql.raw(SIGNS[operator])} ${toSql(value as number)})`
}

/** What a comparison says of every whole number from one on: always, never, or null when it depends on the number. */
export function fromOneOn({ operator, value }: NumberComparison): boolean | null {
  const [a, b] = (Array.isArray(value) ? value : [value, value]) as [number, number]
  if (operator === 'gte') return a <= 1 || null
  if (operator === 'gt' || operator === 'isNot') return a < 1 || null
  if (operator === 'lt') return a <= 1 ? false : null
  return b < 1 || b < a ? false : null
}
