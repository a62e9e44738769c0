import { isMoving, nextEdge, windowSchema, type ConditionType, type Leaf } from '@clientele/conditions'
import { toTimestamp } from '@clientele/core'
import * as z from 'zod'
import { consentStates, slug } from '../consent/consent.entity.ts'
import {
  compileConsent,
  consentFacts,
  consentNow,
  consentRows,
  evaluateConsent,
  type ConsentRule,
} from './consent-rule.ts'

/** `{ type: 'consent', purpose, channel, state, within }`: what a customer agrees to now, and since when. */
export interface ConsentLeaf extends Leaf, ConsentRule {
  readonly type: 'consent'
}

const states = [...consentStates, 'unknown'] as const

/** What a customer agrees to, as `Consents.allows` would answer now. */
export const consentCondition: ConditionType<ConsentLeaf> = {
  name: 'consent',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('consent'),
      purpose: slug,
      channel: slug.optional(),
      state: z.enum(states),
      within: windowSchema.optional(),
    })
    .refine(({ state, within }) => state !== 'unknown' || within === undefined, {
      path: ['within'],
      message: 'goes with a state that somebody has said: granted, denied or revoked',
    }) as unknown as z.ZodType<ConsentLeaf>,
  needs: () => [],
  reads: () => [consentRows],
  dependsOn: consentFacts,
  costly: () => true,
  compile: compileConsent,
  evaluate: evaluateConsent,
  nextChangeAt(leaf, facts) {
    const { since } = consentNow(leaf, facts)
    return since === null ? null : nextEdge(since, leaf.within, facts)
  },
  isTimed: ({ within }) => isMoving(within),
  seen(leaf, facts) {
    const { state, since } = consentNow(leaf, facts)
    return { state, since: since === null ? null : toTimestamp(since) }
  },
  describe: ({ type, ...params }) => ({ key: `conditions.${type}.${params.state}`, params }),
  examples: [
    { type: 'consent', purpose: 'marketing', channel: 'email', state: 'granted' },
    { type: 'consent', purpose: 'profiling', state: 'unknown' },
    {
      type: 'consent',
      purpose: 'marketing',
      state: 'revoked',
      within: { last: { amount: 30, unit: 'day' } },
    },
  ],
  editor: {
    fields: [
      { name: 'purpose', kind: 'text', operators: [] },
      { name: 'channel', kind: 'text', operators: [] },
      { name: 'state', kind: 'enum', operators: [], values: states },
      { name: 'within', kind: 'window', operators: [] },
    ],
  },
}
