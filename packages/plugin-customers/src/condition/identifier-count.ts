import { storableText, type ConditionType, type Facts, type Leaf } from '@clientele/conditions'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { Identity } from '../identity/identity.entity.ts'
import {
  compiledComparison,
  fromOneOn,
  holds,
  numberComparisonShape,
  numberOperators,
  valueIssue,
  type NumberComparison,
} from './number-comparison.ts'
import { ownedRows } from './owned-rows.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'identifierCount', kind, operator, value }`: in how many ways a customer is known. */
export interface IdentifierCountLeaf extends Leaf, NumberComparison {
  readonly type: 'identifierCount'
  /** `userId`, `anonymousId`, `email`, `phone`, or a kind of the shop's own. @default all */
  readonly kind?: string
}

const eb = expressionBuilder<any, any>()

const identities = ownedRows<{ readonly type: string }>(Identity, ['type'])

/** How many identifiers of a kind, or of all kinds, lead to the customer. */
export const identifierCount: ConditionType<IdentifierCountLeaf> = {
  name: 'identifierCount',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('identifierCount'),
      kind: storableText(50).min(1).optional(),
      ...numberComparisonShape(z.number().int().min(0).max(1_000_000)),
    })
    .superRefine((leaf, ctx) => {
      const message = valueIssue(leaf)
      if (message) ctx.addIssue({ code: 'custom', path: ['value'], message })
    }) as unknown as z.ZodType<IdentifierCountLeaf>,
  needs: () => [],
  reads: () => [identities],
  dependsOn: ({ kind }) => [`identities.${kind ?? '*'}`],
  costly: () => true,
  compile(leaf, scope, negated) {
    const all = scope.rowsOf(Identity, 'customerId')
    return compileSetAnswer(
      {
        rows: leaf.kind === undefined ? all : all.where('identities.type', '=', leaf.kind),
        owner: 'identities.customerId',
        none: holds(0, leaf.operator, leaf.value),
        some: fromOneOn(leaf) ?? compiledComparison(eb.fn.countAll(), leaf),
      },
      scope,
      negated,
    )
  },
  evaluate: (leaf, facts) => holds(countOf(leaf, facts), leaf.operator, leaf.value),
  seen: (leaf, facts) => ({ count: countOf(leaf, facts) }),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}.${params.operator}`, params }),
  examples: [
    { type: 'identifierCount', kind: 'email', operator: 'gte', value: 2 },
    { type: 'identifierCount', operator: 'is', value: 0 },
  ],
  editor: {
    fields: [
      { name: 'kind', kind: 'text', operators: [] },
      { name: 'value', kind: 'number', operators: numberOperators, inputs: { between: 'pair' } },
    ],
  },
}

function countOf({ kind }: IdentifierCountLeaf, facts: Facts): number {
  return facts.rows(identities).filter(({ type }) => kind === undefined || type === kind).length
}
