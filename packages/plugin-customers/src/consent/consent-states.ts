import type { Timestamp, Tx } from '@clientele/core'
import type { CustomersTables } from '../customers.tables.ts'
import type { ConsentAnswer } from './consent-answer.ts'
import { ALL_CHANNELS, ConsentState } from './consent.entity.ts'

interface Latest {
  readonly purpose: string
  readonly channel: string
  readonly state: ConsentAnswer
  readonly since: Timestamp
}

/** Makes one state what the ledger says of it. Whoever calls holds the customer's lock. */
export async function refreshState(
  t: Tx<CustomersTables>,
  customerId: string,
  { purpose, channel }: { readonly purpose: string; readonly channel: string | null },
): Promise<void> {
  const latest = await t.db
    .selectFrom('consents')
    .select(['state', 'at'])
    .where('customerId', '=', customerId)
    .where('purpose', '=', purpose)
    .where((eb) => eb('channel', channel === null ? 'is' : '=', channel))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!latest) return
  const place = channel ?? ALL_CHANNELS
  const known = await t.db
    .selectFrom('consentStates')
    .select(['id', 'state', 'since'])
    .where('customerId', '=', customerId)
    .where('purpose', '=', purpose)
    .where('channel', '=', place)
    .executeTakeFirst()
  const values = { state: latest.state, since: latest.at }
  if (!known) await t.repo(ConsentState).insert({ customerId, purpose, channel: place, ...values })
  else if (known.state !== values.state || known.since !== values.since)
    await t.repo(ConsentState).patch(known.id, values)
}

/** Makes all states of a customer what the ledger says. Whoever calls holds the customer's lock. */
export async function recountStates(t: Tx<CustomersTables>, customerId: string): Promise<void> {
  const entries = await t.db
    .selectFrom('consents')
    .select(['purpose', 'channel', 'state', 'at'])
    .where('customerId', '=', customerId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  // Of several the last remains.
  const wanted = new Map(
    entries.map(({ purpose, channel, state, at }): [string, Latest] => {
      const place = channel ?? ALL_CHANNELS
      return [`${purpose} ${place}`, { purpose, channel: place, state, since: at }]
    }),
  )
  const known = await t.db
    .selectFrom('consentStates')
    .select(['id', 'purpose', 'channel', 'state', 'since'])
    .where('customerId', '=', customerId)
    .orderBy('id')
    .execute()
  const repo = t.repo(ConsentState)
  for (const { id, purpose, channel, state, since } of known) {
    const key = `${purpose} ${channel}`
    const latest = wanted.get(key)
    wanted.delete(key)
    if (!latest) await repo.remove(id)
    else if (latest.state !== state || latest.since !== since)
      await repo.patch(id, { state: latest.state, since: latest.since })
  }
  if (wanted.size > 0) await repo.insertMany([...wanted.values()].map((one) => ({ customerId, ...one })))
}
