import {
  closedObject,
  durationMs,
  durationSchema,
  jsonSchemaOf,
  type Collection,
  type ConditionType,
  type Duration,
  type Environment,
  type Facts,
  type Leaf,
  type SqlScope,
} from '@clientele/conditions'
import { fromTimestamp, toTimestamp, uuidSchema, type Timestamp } from '@clientele/core'
import { expressionBuilder, type SelectQueryBuilder } from 'kysely'
import * as z from 'zod'
import { segmentFact } from '../definition/definition.ts'
import { Membership } from '../membership/membership.entity.ts'

/** `{ type: 'segment', segment, membership, value }`: whether and since when somebody is in another segment. */
export interface SegmentLeaf extends Leaf {
  readonly type: 'segment'
  /** Id of the segment. */
  readonly segment: string
  /**
   * - `is`: in it now
   * - `enteredWithin`: in it now, and came within `value`
   * - `for`: in it now, and has been for `value` or longer
   * - `ever`: in it now or once
   */
  readonly membership: 'is' | 'enteredWithin' | 'for' | 'ever'
  /** A length of time, for `enteredWithin` and `for`. */
  readonly value?: Duration
}

interface Stay {
  readonly customerId: string
  readonly enteredAt: Timestamp
  readonly leftAt: Timestamp | null
}

const eb = expressionBuilder<any, any>()

const PLAIN = ['is', 'ever'] as const
/** Those that take a length of time. */
const TIMED = ['enteredWithin', 'for'] as const

const schema = z
  .strictObject({
    type: z.literal('segment'),
    segment: uuidSchema,
    membership: z.enum([...PLAIN, ...TIMED]).default('is'),
    value: durationSchema.optional(),
  })
  .superRefine(({ membership, value }, ctx) => {
    const isTimed = membership === 'enteredWithin' || membership === 'for'
    if (isTimed === (value !== undefined)) return
    const message = isTimed ? `"${membership}" needs a length of time` : `"${membership}" takes no value`
    ctx.addIssue({ code: 'custom', path: ['value'], message })
  })

/** Asks about another segment: in it, since when, or ever. */
export const segmentConditions: ConditionType<SegmentLeaf> = {
  name: 'segment',
  scope: 'customer',
  schema: schema as unknown as z.ZodType<SegmentLeaf>,
  needs: () => [],
  reads: ({ segment }) => [staysIn(segment)],
  dependsOn: ({ segment }) => [segmentFact(segment)],
  compile(leaf, scope, negated) {
    return eb(scope.id, negated ? 'not in' : 'in', staysQuery(leaf, scope).select('memberships.customerId'))
  },
  evaluate: (leaf, facts) => decidingStay(leaf, facts) !== undefined,
  nextChangeAt(leaf, facts) {
    const now = currentStay(leaf, facts)
    if (!now || !leaf.value) return null
    const from = fromTimestamp(now.enteredAt)
    const edge = from + durationMs(leaf.value) + (leaf.membership === 'enteredWithin' ? 1 : 0)
    return edge > facts.now ? edge : null
  },
  isTimed: ({ value }) => value !== undefined,
  seen(leaf, facts) {
    const stay = decidingStay(leaf, facts) ?? currentStay(leaf, facts)
    return stay && { enteredAt: stay.enteredAt, leftAt: stay.leftAt }
  },
  describe: ({ segment, membership, value }) => ({
    key: `conditions.segment.${membership}`,
    params: { segment, ...(value ? { value } : {}) },
  }),
  jsonSchema() {
    const named = { type: { const: 'segment' }, segment: jsonSchemaOf(uuidSchema) }
    return {
      anyOf: [
        closedObject({ ...named, membership: { enum: PLAIN, default: 'is' } }, ['membership']),
        closedObject({ ...named, membership: { enum: TIMED }, value: jsonSchemaOf(durationSchema) }),
      ],
    }
  },
  editor: {
    fields: [
      {
        ...{ name: 'segment', kind: 'segment', operators: [] },
        suggest: { from: '/api/v1/segments?limit=200&sort=name', value: 'id', label: 'name' },
      },
      { name: 'membership', kind: 'enum', operators: [], values: [...PLAIN, ...TIMED] },
      { name: 'value', kind: 'duration', operators: [] },
    ],
  },
}

function staysQuery(
  { segment, membership, value }: SegmentLeaf,
  scope: SqlScope,
): SelectQueryBuilder<any, any, {}> {
  const stays = scope
    .rowsOf(Membership, 'customerId')
    .where((of) => of('memberships.segmentId', '=', scope.sql.value('uuid', segment)))
  if (membership === 'ever') return stays
  const current = stays.where('memberships.leftAt', 'is', null)
  if (!value) return current
  const from = toTimestamp(startOf(value, scope))
  return current.where('memberships.enteredAt', membership === 'enteredWithin' ? '>=' : '<=', from)
}

function startOf(value: Duration, { now }: Environment): number {
  return Math.max(now - durationMs(value), 0)
}

function currentStay({ segment }: SegmentLeaf, facts: Facts): Stay | undefined {
  return facts.rows(staysIn(segment)).find(({ leftAt }) => leftAt === null)
}

/** The stay that meets the leaf. */
function decidingStay(leaf: SegmentLeaf, facts: Facts): Stay | undefined {
  if (leaf.membership === 'ever') return facts.rows(staysIn(leaf.segment))[0]
  const stay = currentStay(leaf, facts)
  if (!stay || !leaf.value) return stay
  const [entered, from] = [fromTimestamp(stay.enteredAt), startOf(leaf.value, facts)]
  return (leaf.membership === 'enteredWithin' ? entered >= from : entered <= from) ? stay : undefined
}

/** All stays in a segment, oldest first. */
function staysIn(segment: string): Collection<Stay> {
  return {
    key: `memberships ${segment}`,
    async load(target, customerIds) {
      const rows = await target.db
        .selectFrom('memberships')
        .select(['customerId', 'enteredAt', 'leftAt'])
        .where('segmentId', '=', segment)
        .where((of) => target.sql.anyOf(of.ref('customerId'), 'uuid', customerIds))
        .orderBy('enteredAt')
        .orderBy('id')
        .execute()
      return Map.groupBy(rows as Stay[], ({ customerId }) => customerId)
    },
  }
}
