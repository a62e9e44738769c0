import type { Leaf } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Consents, Customer, CustomerEvents, Suppressions, Tags } from '@clientele/plugin-customers'
import type { SeededRandom } from '@clientele/testing'
import { NOWS, randomInstant, randomWindow } from './instants.fixture.ts'

const PURPOSES = ['marketing', 'profiling'] as const
const CHANNELS = ['email', 'sms'] as const
const STATES = ['granted', 'denied', 'revoked'] as const
const TAGS = ['vip', 'VIP', 'press', "o'dd", 'nobody has it'] as const
const KINDS = ['userId', 'email', 'anonymousId', 'loyalty'] as const

/** Writes consents, suppressions, tags and identifiers of these customers, several answers at one instant. */
export async function populateConsents(
  ctx: Ctx,
  random: SeededRandom,
  customerIds: readonly string[],
): Promise<void> {
  await ctx.tx(async (t) => {
    for (const [place, id] of customerIds.entries()) {
      if (random.number() < 0.5) {
        const email = random.maybe(() => `somebody${place % 40}@example.com`)
        const phone = random.maybe(() => `+55119876${String(1000 + (place % 30))}`)
        await t.repo(Customer).patch(id, { email, phone })
      }
      await consentsOf(t, id, random)
      const add = TAGS.slice(0, -1).filter(() => random.number() < 0.3)
      await t.get(Tags).change(t, [id], { add })
      const identifiers = KINDS.filter(() => random.number() < 0.4).map((type) => ({
        ...{ type, value: type === 'email' ? `known${place}@example.com` : `${type} ${place}` },
      }))
      if (identifiers.length > 0)
        await t.get(CustomerEvents).append(t, [messageOf(t.newId(), id, identifiers)], {
          ...{ sourceId: null, receivedAt: t.now() },
        })
    }
    for (const place of [0, 3, 4, 7, 8, 15, 20]) {
      const cause = { scope: random.pick(['all', 'marketing'] as const), reason: 'manual' }
      await t.get(Suppressions).add(t, { email: `Somebody${place}@example.com` }, cause)
      await t.get(Suppressions).add(t, { phone: `+55 11 9876 ${1000 + place}` }, cause)
    }
    await t.get(Suppressions).remove(t, { email: 'somebody7@example.com' })
  })
}

async function consentsOf(
  t: Parameters<Parameters<Ctx['tx']>[0]>[0],
  customerId: string,
  random: SeededRandom,
) {
  for (let said = Math.floor(random.number() * 4); said > 0; said--) {
    const instant = randomInstant(random)
    const at = instant > t.now() ? new Date(NOWS[5]!).toISOString() : instant
    const consent = { customerId, at, purpose: random.pick(PURPOSES), via: 'form' }
    const states = random.number() < 0.4 ? [random.pick(STATES), random.pick(STATES)] : [random.pick(STATES)]
    for (const state of states) {
      await t
        .get(Consents)
        .record(t, { ...consent, state, channel: random.maybe(() => random.pick(CHANNELS)) })
    }
  }
}

function messageOf(
  messageId: string,
  customerId: string,
  identifiers: readonly { readonly type: string; readonly value: string }[],
) {
  const empty = { traits: {}, properties: {}, context: {} }
  return {
    ...{ type: 'identify' as const, name: 'identify', messageId, customerId, identifiers },
    ...{ ...empty, occurredAt: new Date(NOWS[0]!).toISOString() },
  }
}

/** A random question about consents, reachability, tags, identifiers or chance, as JSON. */
export function randomConsentsLeaf(random: SeededRandom): Leaf {
  const purpose = random.pick(PURPOSES)
  const channel = random.maybe(() => random.pick(CHANNELS))
  return random.pick<() => Leaf>([
    () => ({ type: 'consent', purpose, ...(channel && { channel }), ...stateOf(random) }),
    () => ({ type: 'suppressed', address: random.pick(['email', 'phone']), ...scopeOf(random) }),
    () => ({ type: 'reachable', channel: random.pick(CHANNELS), purpose }),
    () => ({ type: 'tag', name: random.number() < 0.5 ? random.pick(TAGS) : [random.pick(TAGS), 'press'] }),
    () => ({ type: 'identifierCount', ...kindOf(random), ...counted(random) }),
    () => ({ type: 'sample', percent: random.pick([0, 0.01, 12.5, 50, 100]) }),
    () => ({
      type: 'sample',
      from: 2500,
      to: random.pick([2500, 5000, 10_000]),
      salt: random.pick(['a', 'ß']),
    }),
  ])()
}

function stateOf(random: SeededRandom): object {
  const state = random.pick([...STATES, 'unknown'])
  return state === 'unknown' || random.number() < 0.5 ? { state } : { state, within: randomWindow(random) }
}

function scopeOf(random: SeededRandom): object {
  const scope = random.maybe(() => random.pick(['all', 'marketing']))
  return scope ? { scope } : {}
}

function kindOf(random: SeededRandom): object {
  const kind = random.maybe(() => random.pick([...KINDS, 'phone']))
  return kind ? { kind } : {}
}

function counted(random: SeededRandom): object {
  const operator = random.pick(['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between'])
  const value = random.pick([0, 1, 2])
  return { operator, value: operator === 'between' ? [value, 1] : value }
}
