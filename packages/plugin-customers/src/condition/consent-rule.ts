import { boundsOf, onceEach, type Facts, type SqlScope, type Window } from '@clientele/conditions'
import { fromTimestamp, toTimestamp } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely'
import { ALL_CHANNELS, ConsentState, MARKETING, type ConsentStateRow } from '../consent/consent.entity.ts'
import { Customer } from '../customer/customer.entity.ts'
import { ownedRows } from './owned-rows.ts'

/** What is asked of consents: of what was said about the channel and about every channel, the later counts. */
export interface ConsentRule {
  readonly purpose: string
  /** Left out: what was said about every channel. */
  readonly channel?: string
  readonly state: 'granted' | 'denied' | 'revoked' | 'unknown'
  /** Since when the state has held; `unknown` has no beginning. */
  readonly within?: Window
}

type Said = Pick<ConsentStateRow, 'purpose' | 'channel' | 'state' | 'since'>

export const consentRows = ownedRows<Said>(ConsentState, ['purpose', 'channel', 'state', 'since'])

/** The facts that a rule hangs on. */
export function consentFacts({ purpose }: Pick<ConsentRule, 'purpose'>): readonly string[] {
  const unsaid = purpose === MARKETING ? ['customers.acceptsMarketing', 'customers.createdAt'] : []
  return [`consents.${purpose}`, ...unsaid]
}

/** What holds now, and since when; for marketing `acceptsMarketing` speaks until the ledger does. */
export function consentNow(
  rule: Pick<ConsentRule, 'purpose' | 'channel'>,
  facts: Facts,
): { readonly state: ConsentRule['state']; readonly since: number | null } {
  const places = placesOf(rule)
  const said = facts
    .rows(consentRows)
    .filter(({ purpose, channel }) => purpose === rule.purpose && places.includes(channel))
    .toSorted((a, b) => (outranks(a, b) ? -1 : 1))
  if (said[0]) return { state: said[0].state, since: fromTimestamp(said[0].since) }
  if (rule.purpose !== MARKETING) return { state: 'unknown', since: null }
  const { acceptsMarketing, createdAt } = facts.row(Customer)
  if (!acceptsMarketing) return { state: 'unknown', since: null }
  return { state: 'granted', since: fromTimestamp(createdAt as string) }
}

export function evaluateConsent(rule: ConsentRule, facts: Facts): boolean {
  const { state, since } = consentNow(rule, facts)
  if (state !== rule.state) return false
  if (!rule.within || since === null) return true
  const { from, until } = boundsOf(rule.within, facts)
  return since >= from && since < until
}

/** The later counts; of the same instant a refusal, and then what was said about the channel itself. */
function outranks(a: Said, b: Said): boolean {
  if (a.since !== b.since) return a.since > b.since
  const [refusesA, refusesB] = [a.state !== 'granted', b.state !== 'granted']
  return refusesA === refusesB ? a.channel !== ALL_CHANNELS : refusesA
}

function placesOf({ channel }: Pick<ConsentRule, 'channel'>): readonly string[] {
  return channel === undefined ? [ALL_CHANNELS] : [ALL_CHANNELS, channel]
}

const eb = expressionBuilder<any, any>()

/** SQL for the customers in that state, or for all others. */
export function compileConsent(rule: ConsentRule, scope: SqlScope, negated: boolean): Expression<SqlBool> {
  const said = scope
    .rowsOf(ConsentState, 'customerId')
    .where('consentStates.purpose', '=', rule.purpose)
    .where('consentStates.channel', 'in', placesOf(rule))
  const isUnsaid = scope.sql.among(scope.id, said.select('consentStates.customerId as id'), !negated)
  if (rule.state === 'unknown') {
    if (rule.purpose !== MARKETING) return isUnsaid
    return together(negated, isUnsaid, eb(accepts(scope), '=', negated))
  }
  const holding = said
    .where('consentStates.state', '=', rule.state)
    .where((q) => q.and([...since(q.ref('consentStates.since'), rule.within, scope), ...unrivalled(rule)]))
    .select('consentStates.customerId as id')
  // A customer has one answer to a purpose and a channel.
  const ids = rule.channel === undefined ? onceEach(holding) : holding
  const holds = scope.sql.among(scope.id, ids, negated)
  if (rule.purpose !== MARKETING || rule.state !== 'granted') return holds
  const created = scope.column(Customer, 'createdAt')
  const early = since(created, rule.within, scope)
  const unsaid = together(
    negated,
    isUnsaid,
    eb(accepts(scope), '=', !negated),
    ...early.map((term) => (negated ? eb.not(term) : term)),
  )
  return negated ? eb.and([holds, unsaid]) : eb.or([holds, unsaid])
}

/** All of them, or with `negated`, where each is its own complement, some of them. */
function together(negated: boolean, ...terms: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return negated ? eb.or([...terms]) : eb.and([...terms])
}

function accepts(scope: SqlScope): Expression<unknown> {
  return scope.column(Customer, 'acceptsMarketing')
}

function since(
  column: Expression<unknown>,
  within: Window | undefined,
  scope: SqlScope,
): readonly Expression<SqlBool>[] {
  if (!within) return []
  const { from, until } = boundsOf(within, scope)
  if (from >= LAST_MS || until <= FIRST_MS) return [sql<SqlBool>`1 = 0`]
  return [
    ...(from > FIRST_MS ? [eb(column, '>=', toTimestamp(from))] : []),
    ...(until < LAST_MS ? [eb(column, '<', toTimestamp(until))] : []),
  ]
}

const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** Nothing that was said outranks the row, see {@link outranks}. */
function unrivalled({ purpose, channel, state }: ConsentRule): readonly Expression<SqlBool>[] {
  if (channel === undefined) return []
  const wins =
    state === 'granted'
      ? eb.or([eb('rival.state', '<>', 'granted'), eb('rival.channel', '=', channel)])
      : eb.and([eb('rival.state', '<>', 'granted'), eb('rival.channel', '=', channel)])
  const rivals = eb
    .selectFrom('consentStates as rival')
    .select(eb.lit(1).as('one'))
    .where('rival.customerId', '=', eb.ref('consentStates.customerId') as never)
    .where('rival.purpose', '=', purpose)
    .where('rival.channel', 'in', placesOf({ channel }))
    .where('rival.channel', '<>', eb.ref('consentStates.channel') as never)
    .where(
      eb.or([
        eb('rival.since', '>', eb.ref('consentStates.since')),
        eb.and([eb('rival.since', '=', eb.ref('consentStates.since')), wins]),
      ]),
    )
  return [eb.not(eb.exists(rivals))]
}
