/**
 * The best hand-written equivalent on PostgreSQL: Express and `pg`, the tables that Clientele made, one durable
 * transaction a request and one statement for each step of the whole batch.
 */
import express from 'express'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { BareEvent } from './bare-event.ts'

const [, url] = process.argv.slice(2) as [string, string]
const pool = new pg.Pool({ connectionString: url, max: 10 })

const KNOWN = `SELECT i.type, i.value, i.customer_id FROM clientele_identities i
  JOIN unnest($1::text[], $2::text[]) AS w (type, value) ON i.type = w.type AND i.value = w.value
  WHERE i.tenant_id = 'default'`
const LOCK = `SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`
const CUSTOMERS = `INSERT INTO clientele_customers
  (tenant_id, id, status, accepts_marketing, traits, version, created_at, updated_at)
  SELECT 'default', id, 'active', false, '{}', 1, $2, $2 FROM unnest($1::uuid[]) AS n (id)`
const ACTIVITIES = `INSERT INTO clientele_customer_activities
  (tenant_id, id, event_count, first_seen_at, last_seen_at, version, created_at, updated_at)
  SELECT 'default', id, n, f, l, 1, $5, $5 FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS u (id, n, f, l)
  ON CONFLICT (tenant_id, id) DO UPDATE SET updated_at = $5,
    event_count = clientele_customer_activities.event_count + excluded.event_count,
    first_seen_at = least(clientele_customer_activities.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(clientele_customer_activities.last_seen_at, excluded.last_seen_at)`
const IDENTITIES = `INSERT INTO clientele_identities
  (tenant_id, id, customer_id, type, value, first_seen_at, last_seen_at, version, created_at, updated_at)
  SELECT 'default', gen_random_uuid(), c, t, v, $4, $4, 1, $4, $4 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u (c, t, v)`
const EVENTS = `INSERT INTO clientele_events (tenant_id, id, customer_id, message_id, type, name, properties, context,
    occurred_at, received_at, version, created_at, updated_at)
  SELECT 'default', gen_random_uuid(), c, m, t, n, p, x, o, $8, 1, $8, $8
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::timestamptz[]) AS u (c, m, t, n, p, x, o)
  ON CONFLICT DO NOTHING RETURNING customer_id, message_id, occurred_at`
const PROFILES = `UPDATE clientele_customers c SET email = coalesce(u.email, c.email), traits = c.traits || u.traits,
    version = version + 1, updated_at = $4
  FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) AS u (id, email, traits) WHERE c.tenant_id = 'default' AND c.id = u.id`

/** Batches that meet the same strangers at once lose races to each other. */
async function take(events: readonly BareEvent[]): Promise<number> {
  for (;;) {
    try {
      return await takeOnce(events)
    } catch (error) {
      if ((error as { code?: string }).code !== '23505') throw error
    }
  }
}

async function takeOnce(events: readonly BareEvent[]): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const accepted = await takeIn(client, events)
    await client.query('COMMIT')
    return accepted
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function takeIn(client: pg.PoolClient, events: readonly BareEvent[]): Promise<number> {
  const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
  const now = new Date()
  const of = (one: BareEvent): [string, string][] => [
    ...(one.userId ? [['userId', one.userId] as [string, string]] : []),
    ['anonymousId', one.anonymousId],
    ...(one.traits?.email ? [['email', one.traits.email] as [string, string]] : []),
  ]
  const all = events.flatMap(of)
  const { rows } = await run('known', KNOWN, [all.map(([type]) => type), all.map(([, value]) => value)])
  const owners = new Map(rows.map((row) => [`${row.type} ${row.value}`, row.customer_id as string]))
  if (owners.size > 0) await run('lock', LOCK, [[...new Set(owners.values())]])
  const fresh: string[] = []
  const identities: [string, string, string][] = []
  const customers = events.map((one) => {
    const identifiers = of(one)
    let customer = identifiers.map((pair) => owners.get(pair.join(' '))).find((owner) => owner !== undefined)
    if (!customer) fresh.push((customer = randomUUID()))
    for (const [type, value] of identifiers) {
      if (owners.has(`${type} ${value}`)) continue
      owners.set(`${type} ${value}`, customer)
      identities.push([customer, type, value])
    }
    return customer
  })
  if (fresh.length > 0) await run('customers', CUSTOMERS, [fresh, now])
  if (identities.length > 0) {
    identities.sort(([, a, b], [, c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1))
    await run(
      'identities',
      IDENTITIES,
      [0, 1, 2].map((place) => identities.map((one) => one[place])).concat([now as never]),
    )
  }
  const inserted = await run('events', EVENTS, [
    customers,
    events.map((one) => one.messageId),
    events.map((one) => one.type),
    events.map((one) => one.event ?? one.type),
    events.map((one) => JSON.stringify(one.properties ?? one.traits ?? {})),
    events.map((one) => JSON.stringify(one.context ?? {})),
    events.map((one) => one.timestamp),
    now,
  ])
  const byCustomer = Map.groupBy(inserted.rows, (row) => row.customer_id as string)
  const times = [...byCustomer.values()].map((list) => list.map((row) => (row.occurred_at as Date).getTime()))
  await run('activities', ACTIVITIES, [
    [...byCustomer.keys()],
    times.map((list) => list.length),
    times.map((list) => new Date(Math.min(...list))),
    times.map((list) => new Date(Math.max(...list))),
    now,
  ])
  const profiles = new Map<string, { email?: string; plan?: string }>()
  events.forEach((one, place) => {
    if (one.traits) profiles.set(customers[place]!, { ...profiles.get(customers[place]!), ...one.traits })
  })
  if (profiles.size > 0) {
    await run('profiles', PROFILES, [
      [...profiles.keys()],
      [...profiles.values()].map(({ email }) => email ?? null),
      [...profiles.values()].map(({ email: _, ...traits }) => JSON.stringify(traits)),
      now,
    ])
  }
  return inserted.rows.length
}

const app = express()
app.post('/v1/batch', express.json({ limit: '500kb' }), async (req, res) => {
  const { batch } = req.body as { batch: readonly BareEvent[] }
  const accepted = await take(batch)
  res.json({ accepted, duplicate: batch.length - accepted, rejected: [] })
})
const server = app.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, writeKey: 'none' }),
)
process.on('disconnect', () => process.exit(0))
