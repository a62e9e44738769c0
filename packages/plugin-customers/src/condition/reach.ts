import type { ConditionType, Facts, Leaf, SqlScope } from '@clientele/conditions'
import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import { MARKETING, slug } from '../consent/consent.entity.ts'
import { Customer } from '../customer/customer.entity.ts'
import { CustomerSuppression } from '../suppression/customer-suppression.entity.ts'
import { suppressionScopes, type SuppressionScope } from '../suppression/suppression.entity.ts'
import { compileConsent, consentFacts, consentNow, consentRows, type ConsentRule } from './consent-rule.ts'
import { ownedRows } from './owned-rows.ts'
import { compileSetAnswer } from './set-answer.ts'

const kinds = ['email', 'phone'] as const
type Kind = (typeof kinds)[number]

/** What a channel needs of a customer. */
const CHANNELS = { email: 'email', sms: 'phone', whatsapp: 'phone', phone: 'phone' } as const
type Channel = keyof typeof CHANNELS

/** `{ type: 'suppressed', address, scope }`: customers whose address must not be written to. */
export interface SuppressedLeaf extends Leaf {
  readonly type: 'suppressed'
  readonly address: Kind
  /** `marketing`: at least no marketing; `all`: nothing at all. @default 'marketing' */
  readonly scope?: SuppressionScope
}

/** `{ type: 'reachable', channel, purpose }`: customers with an address who agree and are not suppressed. */
export interface ReachableLeaf extends Leaf {
  readonly type: 'reachable'
  readonly channel: Channel
  /** @default 'marketing' */
  readonly purpose?: string
}

const eb = expressionBuilder<any, any>()

const suppressions = ownedRows<{ readonly kind: Kind; readonly scope: SuppressionScope }>(
  CustomerSuppression,
  ['kind', 'scope'],
)

/** Customers whose address stands on the list of those that must not be written to. */
export const suppressed: ConditionType<SuppressedLeaf> = {
  name: 'suppressed',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('suppressed'),
    address: z.enum(kinds),
    scope: z.enum(suppressionScopes).optional(),
  }) as z.ZodType<SuppressedLeaf>,
  needs: () => [],
  reads: () => [suppressions],
  dependsOn: ({ address }) => [`suppressions.${address}`],
  costly: () => true,
  compile: compileSuppressed,
  evaluate: (leaf, facts) => scopeOf(leaf, facts) !== undefined,
  seen: (leaf, facts) => scopeOf(leaf, facts),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'suppressed', address: 'email' },
    { type: 'suppressed', address: 'phone', scope: 'all' },
  ],
  editor: {
    fields: [
      { name: 'address', kind: 'enum', operators: [], values: kinds },
      { name: 'scope', kind: 'enum', operators: [], values: suppressionScopes },
    ],
  },
}

/** Customers whom a message of that purpose may reach by a channel now. */
export const reachable: ConditionType<ReachableLeaf> = {
  name: 'reachable',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('reachable'),
    channel: z.enum(Object.keys(CHANNELS) as [Channel, ...Channel[]]),
    purpose: slug.optional(),
  }) as z.ZodType<ReachableLeaf>,
  needs: () => [],
  reads: () => [suppressions, consentRows],
  dependsOn: (leaf) => [
    `customers.${CHANNELS[leaf.channel]}`,
    `suppressions.${CHANNELS[leaf.channel]}`,
    ...consentFacts(ruleOf(leaf)),
  ],
  costly: () => true,
  compile(leaf, scope, negated) {
    const address = CHANNELS[leaf.channel]
    const terms = [
      eb(scope.column(Customer, address), negated ? 'is' : 'is not', null),
      compileConsent(ruleOf(leaf), scope, negated),
      compileSuppressed({ type: 'suppressed', address }, scope, !negated),
    ]
    return negated ? eb.or(terms) : eb.and(terms)
  },
  evaluate(leaf, facts) {
    const { address, consent, suppression } = reachOf(leaf, facts)
    return address && consent === 'granted' && suppression === null
  },
  seen: reachOf,
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'reachable', channel: 'email' },
    { type: 'reachable', channel: 'sms', purpose: 'partner-offers' },
  ],
  editor: {
    fields: [
      { name: 'channel', kind: 'enum', operators: [], values: Object.keys(CHANNELS) },
      { name: 'purpose', kind: 'text', operators: [] },
    ],
  },
}

function compileSuppressed(
  { address, scope: asked }: SuppressedLeaf,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  const ofKind = scope
    .rowsOf(CustomerSuppression, 'customerId')
    .where('customerSuppressions.kind', '=', address)
  const rows = asked === 'all' ? ofKind.where('customerSuppressions.scope', '=', 'all') : ofKind
  const owner = 'customerSuppressions.customerId'
  return compileSetAnswer({ rows, owner, none: false, some: true }, scope, negated)
}

function scopeOf({ address, scope }: SuppressedLeaf, facts: Facts): SuppressionScope | undefined {
  return facts
    .rows(suppressions)
    .find((row) => row.kind === address && (scope !== 'all' || row.scope === 'all'))?.scope
}

function ruleOf({ channel, purpose = MARKETING }: ReachableLeaf): ConsentRule {
  return { purpose, channel, state: 'granted' }
}

/** The three things that it takes. */
function reachOf(leaf: ReachableLeaf, facts: Facts) {
  const address = CHANNELS[leaf.channel]
  return {
    address: facts.row(Customer)[address] !== null,
    consent: consentNow(ruleOf(leaf), facts).state,
    suppression: scopeOf({ type: 'suppressed', address }, facts) ?? null,
  }
}
