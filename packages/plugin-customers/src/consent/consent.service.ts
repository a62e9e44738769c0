import { defineService, toTimestamp, fromTimestamp, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { Customer, type CustomerRow } from '../customer/customer.entity.ts'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { ALL_CHANNELS, Consent, MARKETING, type ConsentRow, type ConsentStateRow } from './consent.entity.ts'
import type { ConsentAnswer } from './consent-answer.ts'
import { recountStates, refreshState } from './consent-states.ts'

/** Something a customer agreed to, refused or took back. */
export interface NewConsent {
  readonly customerId: string
  /** Lower-case: `marketing`, `profiling`. */
  readonly purpose: string
  /** `email`, `sms`; null for every channel. @default null */
  readonly channel?: string | null | undefined
  readonly state: ConsentAnswer
  /** Which wording was shown. @default null */
  readonly textVersion?: string | null | undefined
  /** Where it was said: `form`, `api`, `import`. */
  readonly via: string
  /** When it was said; not later than in five minutes. @default now */
  readonly at?: Timestamp | undefined
  readonly ip?: string | null | undefined
  readonly proof?: ConsentRow['proof'] | undefined
}

/** What is to be done, for which a consent may be there. */
export interface ConsentUse {
  readonly purpose: string
  /** Left out: by any channel. */
  readonly channel?: string | null | undefined
}

/** What holds for one purpose and channel. */
export interface ConsentNow {
  readonly purpose: string
  /** Null for every channel. */
  readonly channel: string | null
  readonly state: ConsentAnswer
  readonly since: Timestamp
}

/** What a customer wants to get. */
export interface MarketingPreferences {
  /** What holds where a channel says nothing. */
  readonly all: boolean
  /** Channels about which something was said: whether the customer wants it now. */
  readonly channels: Readonly<Record<string, boolean>>
}

/** Where a change of preferences came from. */
export type PreferenceEvidence = Pick<NewConsent, 'via' | 'textVersion' | 'at' | 'ip' | 'proof'>

/** What customers agreed to, with the proof. */
export interface ConsentsService {
  /**
   * Adds an entry to the ledger. The latest `at` of a purpose and channel holds; an older one that comes late changes
   * nothing but the history. `marketing` for every channel sets the customer's `acceptsMarketing` too.
   * @throws `entity.not_found`, `customers.consent_in_future`
   */
  record(t: Tx, consent: NewConsent): Promise<ConsentRow>
  /** What holds now, by purpose and channel. */
  of(ctx: Ctx, customerId: string): Promise<readonly ConsentNow[]>
  /**
   * Whether the customer agrees. Of what was said about the channel and what was said about every channel, the later
   * counts; at the same instant, the refusal. Nothing said is no, but for `marketing`, where `acceptsMarketing` speaks
   * until the ledger does. It says nothing of suppressions, which are about addresses.
   */
  allows(ctx: Ctx, customerId: string, use: ConsentUse): Promise<boolean>
  /** What the customer wants to get; the same ledger, for purpose `marketing`. */
  preferences(ctx: Ctx, customerId: string): Promise<MarketingPreferences>
  /** Adds an entry for each answer that differs. @throws `entity.not_found` */
  setPreferences(
    t: Tx,
    customerId: string,
    wanted: { readonly all?: boolean; readonly channels?: Readonly<Record<string, boolean>> },
    evidence: PreferenceEvidence,
  ): Promise<MarketingPreferences>
  /**
   * Adds the entries that `acceptsMarketing` of these customers stands for, where the ledger does not speak yet:
   * before their rows move.
   */
  writeDown(t: Tx, customers: readonly CustomerRow[]): Promise<void>
  /** Makes the states what the ledger says, and `acceptsMarketing` of those who are there. */
  recount(t: Tx, customerIds: readonly string[]): Promise<void>
}

export const Consents = defineService<ConsentsService>('customers.consents')

/** Clocks differ a little; an entry of next year would outlive every later answer. */
const AHEAD_MS = 5 * 60_000

export function createConsentsService(): ConsentsService {
  return { record, of, allows, preferences, setPreferences, writeDown, recount }
}

async function record(t: Tx<CustomersTables>, consent: NewConsent): Promise<ConsentRow> {
  const { customerId, purpose, channel = null, at = t.now() } = consent
  if (fromTimestamp(at) > fromTimestamp(t.now()) + AHEAD_MS)
    throw customersErrors['customers.consent_in_future']({ at, now: t.now() })
  await t.lock(Customer, [customerId])
  await t.repo(Customer).get(customerId)
  const row = await add(t, { ...consent, at })
  await refreshState(t, customerId, { purpose, channel })
  if (purpose === MARKETING && channel === null) await mirror(t, customerId)
  return row
}

function add(t: Tx, consent: NewConsent & { readonly at: Timestamp }): Promise<ConsentRow> {
  const { customerId, purpose, channel = null, state, textVersion = null, via } = consent
  const { at, ip = null, proof = {} } = consent
  return t.repo(Consent).insert({ customerId, purpose, channel, state, textVersion, via, at, ip, proof })
}

async function of(ctx: Ctx<CustomersTables>, customerId: string): Promise<readonly ConsentNow[]> {
  const rows = await ctx.db
    .selectFrom('consentStates')
    .select(['purpose', 'channel', 'state', 'since'])
    .where('customerId', '=', customerId)
    .orderBy('purpose')
    .orderBy('channel')
    .execute()
  return rows.map((row) => ({ ...row, channel: row.channel === ALL_CHANNELS ? null : row.channel }))
}

async function allows(
  ctx: Ctx<CustomersTables>,
  customerId: string,
  { purpose, channel = null }: ConsentUse,
): Promise<boolean> {
  const places = channel === null ? [ALL_CHANNELS] : [ALL_CHANNELS, channel]
  const said = await ctx.db
    .selectFrom('consentStates')
    .select(['channel', 'state', 'since'])
    .where('customerId', '=', customerId)
    .where('purpose', '=', purpose)
    .where('channel', 'in', places)
    .execute()
  if (said.length > 0) return isGranted(said)
  return purpose === MARKETING && (await acceptsMarketing(ctx, customerId))
}

/** The latest answer; of several at once a refusal. */
function isGranted(said: readonly Pick<ConsentStateRow, 'state' | 'since'>[]): boolean {
  const latest = said.reduce((last, { since }) => (since > last ? since : last), '')
  return said.every(({ state, since }) => since !== latest || state === 'granted')
}

async function acceptsMarketing(ctx: Ctx<CustomersTables>, customerId: string): Promise<boolean> {
  const customer = await ctx.db
    .selectFrom('customers')
    .select('acceptsMarketing')
    .where('id', '=', customerId)
    .executeTakeFirst()
  return customer?.acceptsMarketing ?? false
}

async function preferences(ctx: Ctx<CustomersTables>, customerId: string): Promise<MarketingPreferences> {
  const said = (await of(ctx, customerId)).filter(({ purpose }) => purpose === MARKETING)
  const general = said.filter(({ channel }) => channel === null)
  const all = general.length > 0 ? isGranted(general) : await acceptsMarketing(ctx, customerId)
  const channels = said.flatMap((one) =>
    one.channel === null ? [] : [[one.channel, isGranted([...general, one])] as const],
  )
  return { all, channels: Object.fromEntries(channels) }
}

async function setPreferences(
  t: Tx<CustomersTables>,
  customerId: string,
  { all, channels = {} }: { readonly all?: boolean; readonly channels?: Readonly<Record<string, boolean>> },
  evidence: PreferenceEvidence,
): Promise<MarketingPreferences> {
  await t.lock(Customer, [customerId])
  const at = evidence.at ?? t.now()
  const set = async (channel: string | null, wanted: boolean, when: Timestamp): Promise<void> => {
    if ((await allows(t, customerId, { purpose: MARKETING, channel })) === wanted) return
    const state = wanted ? 'granted' : 'revoked'
    await record(t, { ...evidence, at: when, customerId, purpose: MARKETING, channel, state })
  }
  if (all !== undefined) await set(null, all, at)
  // What is said about a channel in the same breath must not lose to the general answer.
  const later = all === undefined ? at : toTimestamp(fromTimestamp(at) + 1)
  for (const [channel, wanted] of Object.entries(channels)) await set(channel, wanted, later)
  return preferences(t, customerId)
}

async function writeDown(t: Tx<CustomersTables>, customers: readonly CustomerRow[]): Promise<void> {
  for (const { id, acceptsMarketing: accepts, createdAt } of customers) {
    if (!accepts || (await spoken(t, id))) continue
    const state = 'granted'
    await add(t, { customerId: id, purpose: MARKETING, state, via: 'profile', at: createdAt })
    await refreshState(t, id, { purpose: MARKETING, channel: null })
  }
}

async function recount(t: Tx<CustomersTables>, customerIds: readonly string[]): Promise<void> {
  for (const id of customerIds) {
    await recountStates(t, id)
    await mirror(t, id)
  }
}

/** Sets `acceptsMarketing` to what the ledger says; whoever is not there is left alone. */
async function mirror(t: Tx<CustomersTables>, id: string): Promise<void> {
  const customer = await t.repo(Customer).find(id)
  const accepts = (await spoken(t, id)) === 'granted'
  if (customer && customer.acceptsMarketing !== accepts)
    await t.repo(Customer).patch(id, { acceptsMarketing: accepts })
}

/** What the ledger says about marketing by every channel; null when nothing. */
export async function spoken(ctx: Ctx<CustomersTables>, customerId: string): Promise<ConsentAnswer | null> {
  const row = await ctx.db
    .selectFrom('consentStates')
    .select('state')
    .where('customerId', '=', customerId)
    .where('purpose', '=', MARKETING)
    .where('channel', '=', ALL_CHANNELS)
    .executeTakeFirst()
  return row?.state ?? null
}
