import type { ConditionType, Leaf } from '@clientele/conditions'
import { createHash } from 'node:crypto'
import { sql, type Expression } from 'kysely'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'

/**
 * `{ type: 'sample', percent, salt }` or `{ type: 'sample', from, to, salt }`: a share of all customers, the same ones
 * every time. Of 10,000 equal shares `from` belongs to the sample and `to` does not, so that samples can be made that no
 * two customers share. Another salt draws the shares anew.
 */
export interface SampleLeaf extends Leaf {
  readonly type: 'sample'
  /** Two decimals at most. */
  readonly percent?: number
  readonly from?: number
  readonly to?: number
  /** @default none */
  readonly salt?: string
}

/** Equal shares that customers fall into by chance. */
const SHARES = 10_000

const share = z.number().int().min(0).max(SHARES)

/** A share of all customers that chance has drawn once and for all. */
export const sample: ConditionType<SampleLeaf> = {
  name: 'sample',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('sample'),
      percent: z.number().min(0).max(100).multipleOf(0.01).optional(),
      from: share.optional(),
      to: share.optional(),
      salt: z.string().max(200).optional(),
    })
    .refine(({ percent, from, to }) => (percent === undefined) === (from !== undefined && to !== undefined), {
      path: ['percent'],
      message: `needs either "percent", or "from" and "to" of 0 to ${SHARES}`,
    })
    .refine(({ percent, from, to }) => percent === undefined || (from === undefined && to === undefined), {
      path: ['percent'],
      message: 'takes no "from" and "to" beside it',
    }) as unknown as z.ZodType<SampleLeaf>,
  needs: () => [],
  dependsOn: () => ['customers.id'],
  costly: () => true,
  compile(leaf, scope, negated) {
    const { first, end } = sharesOf(leaf)
    const drawn = compiledShare(scope.sql.idNumber(scope.id), leaf.salt)
    return negated
      ? sql`(${drawn} < ${sql.lit(first)} or ${drawn} >= ${sql.lit(end)})`
      : sql`(${drawn} >= ${sql.lit(first)} and ${drawn} < ${sql.lit(end)})`
  },
  evaluate(leaf, facts) {
    const { first, end } = sharesOf(leaf)
    const drawn = shareOf(facts.row(Customer)['id'] as string, leaf.salt)
    return drawn >= first && drawn < end
  },
  seen: (leaf, facts) => ({ share: shareOf(facts.row(Customer)['id'] as string, leaf.salt) }),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'sample', percent: 10 },
    { type: 'sample', from: 5000, to: 10_000, salt: 'spring' },
  ],
  editor: {
    fields: [
      { name: 'percent', kind: 'number', operators: [] },
      { name: 'salt', kind: 'text', operators: [] },
    ],
  },
}

function sharesOf({ percent, from, to }: SampleLeaf): { readonly first: number; readonly end: number } {
  if (percent !== undefined) return { first: 0, end: Math.round((percent * SHARES) / 100) }
  return { first: from!, end: to! }
}

/** Two rounds of multiplying and adding, each modulo another prime; all of it below 2^53. */
interface Rounds {
  readonly multipliers: readonly [number, number]
  readonly addends: readonly [number, number]
}

const PRIMES = [2_147_483_647, 2_147_483_629] as const

function roundsOf(salt = ''): Rounds {
  const bytes = createHash('sha256').update(`sample ${salt}`).digest()
  // Between 2^20 and 2^21: large enough to mix, small enough for products that JavaScript knows exactly.
  const multiplier = (at: number): number => 2 ** 20 + (bytes.readUInt32BE(at) % 2 ** 20)
  const addend = (at: number): number => bytes.readUInt32BE(at) % PRIMES[1]
  return { multipliers: [multiplier(0), multiplier(4)], addends: [addend(8), addend(12)] }
}

/** The share of a customer, from 0 to 9,999. */
function shareOf(id: string, salt?: string): number {
  const { multipliers, addends } = roundsOf(salt)
  const number = Number.parseInt(id.slice(-7), 16)
  const first = (number * multipliers[0] + addends[0]) % PRIMES[0]
  return ((first * multipliers[1] + addends[1]) % PRIMES[1]) % SHARES
}

function compiledShare(number: Expression<number>, salt: string | undefined): Expression<number> {
  const { multipliers, addends } = roundsOf(salt)
  const lit = (one: number): Expression<unknown> => sql.raw(String(one))
  const first = sql`((cast(${number} as bigint) * ${lit(multipliers[0])} + ${lit(addends[0])}) % ${lit(PRIMES[0])})`
  return sql`(((${first} * ${lit(multipliers[1])} + ${lit(addends[1])}) % ${lit(PRIMES[1])}) % ${lit(SHARES)})`
}
