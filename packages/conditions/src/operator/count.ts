import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'

/** A number of things, compared: `{ operator: 'gte', value: 3 }`. */
export interface Count {
  readonly operator: 'is' | 'isNot' | 'gt' | 'gte' | 'lt' | 'lte'
  readonly value: number
}

const HOLDS = {
  is: (a, b) => a === b,
  isNot: (a, b) => a !== b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
} satisfies Record<Count['operator'], (a: number, b: number) => boolean>

const SIGNS = { is: '=', isNot: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** What a {@link Count} must be. */
export const countSchema: z.ZodType<Count> = z.strictObject({
  operator: z.enum(['is', 'isNot', 'gt', 'gte', 'lt', 'lte']),
  value: z.number().int().min(0).max(1_000_000_000),
})

/** Whether a number of things is as many as was asked. */
export function holdsCount(actual: number, { operator, value }: Count): boolean {
  return HOLDS[operator](actual, value)
}

/** The same in SQL. */
export function compileCount(actual: Expression<unknown>, { operator, value }: Count): Expression<SqlBool> {
  return expressionBuilder<any, any>()(actual, SIGNS[operator], value)
}
