/**
 * The best hand-written equivalent on SQLite: Express and prepared statements over the tables that Clientele made, one
 * durable transaction a request. Identities are resolved, doubles left out, first and last seen and counters kept.
 */
import Database from 'better-sqlite3'
import express from 'express'
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { BareEvent } from './bare-event.ts'

const [, file] = process.argv.slice(2) as [string, string]
const database = new Database(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
const T = `'default'`
const known = database
  .prepare(`SELECT customer_id FROM clientele_identities WHERE tenant_id = ${T} AND type = ? AND value = ?`)
  .pluck()
const addCustomer = database.prepare(
  `INSERT INTO clientele_customers (tenant_id, id, status, accepts_marketing, traits, version, created_at, updated_at)
   VALUES (${T}, ?, 'active', 0, '{}', 1, ?, ?)`,
)
const addActivity = database.prepare(
  `INSERT INTO clientele_customer_activities (tenant_id, id, event_count, version, created_at, updated_at)
   VALUES (${T}, ?, 0, 1, ?, ?)`,
)
const addIdentity = database.prepare(
  `INSERT INTO clientele_identities
     (tenant_id, id, customer_id, type, value, first_seen_at, last_seen_at, version, created_at, updated_at)
   VALUES (${T}, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
)
const addEvent = database.prepare(
  `INSERT INTO clientele_events (tenant_id, id, customer_id, message_id, type, name, properties, context, occurred_at,
     received_at, version, created_at, updated_at)
   VALUES (${T}, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING`,
)
const seen = database.prepare(
  `UPDATE clientele_customer_activities SET event_count = event_count + 1, updated_at = ?,
     first_seen_at = min(coalesce(first_seen_at, ?), ?), last_seen_at = max(coalesce(last_seen_at, ?), ?)
   WHERE tenant_id = ${T} AND id = ?`,
)
const setProfile = database.prepare(
  `UPDATE clientele_customers SET email = coalesce(?, email), traits = json_patch(traits, ?), version = version + 1,
     updated_at = ? WHERE tenant_id = ${T} AND id = ?`,
)

const take = database.transaction((events: readonly BareEvent[]) => {
  let accepted = 0
  const now = Date.now()
  for (const one of events) {
    const identifiers: [string, string][] = [['anonymousId', one.anonymousId]]
    if (one.userId) identifiers.unshift(['userId', one.userId])
    if (one.traits?.email) identifiers.push(['email', one.traits.email])
    const owners = identifiers.map(([type, value]) => known.get(type, value) as Buffer | undefined)
    let customer = owners.find((owner) => owner !== undefined)
    if (!customer) {
      customer = randomBytes(16)
      addCustomer.run(customer, now, now)
      addActivity.run(customer, now, now)
    }
    for (const [place, [type, value]] of identifiers.entries()) {
      if (!owners[place]) addIdentity.run(randomBytes(16), customer, type, value, now, now, now, now)
    }
    const at = Date.parse(one.timestamp)
    const { changes } = addEvent.run(
      randomBytes(16),
      customer,
      one.messageId,
      one.type,
      one.event ?? one.type,
      JSON.stringify(one.properties ?? one.traits ?? {}),
      JSON.stringify(one.context ?? {}),
      ...[at, now, now, now],
    )
    if (changes === 0) continue
    accepted++
    seen.run(now, at, at, at, at, customer)
    if (one.traits) {
      const { email, ...traits } = one.traits
      setProfile.run(email ?? null, JSON.stringify(traits), now, customer)
    }
  }
  return accepted
})

const app = express()
app.post('/v1/batch', express.json({ limit: '500kb' }), (req, res) => {
  const { batch } = req.body as { batch: readonly BareEvent[] }
  const accepted = take.immediate(batch)
  res.json({ accepted, duplicate: batch.length - accepted, rejected: [] })
})
const server = app.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, writeKey: 'none' }),
)
process.on('disconnect', () => process.exit(0))
