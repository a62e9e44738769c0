import { customers, Sources } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { writeKey } = await shop.as().tx((t) => t.get(Sources).create(t, { name: 'web' }))
    const basic = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
    const send = (path: string, body: unknown, headers: Record<string, string> = { authorization: basic }) =>
      shop.fetch(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'text/plain', ...headers },
        as: null,
      })
    return { shop, writeKey, send }
  }

  test('a batch answers for each event, and keeps what it cannot take', async () => {
    const { shop, send } = await open()
    const event = { type: 'track', event: 'Product Viewed', anonymousId: 'a1', messageId: 'm1' }

    const first = await send('/v1/batch', { batch: [event, event, { type: 'track', userId: 'u1' }, 'x'] })

    expect(first).toMatchObject({
      status: 200,
      json: {
        accepted: 1,
        duplicate: 1,
        rejected: [
          { index: 2, code: 'invalid_event' },
          { index: 3, code: 'not_an_object' },
        ],
      },
    })
    expect((await send('/v1/batch', { batch: [event] })).json).toMatchObject({ accepted: 0, duplicate: 1 })
    const { json } = await shop.fetch('/api/v1/rejected-events?sort=receivedAt')
    expect(json.items).toMatchObject([{ code: 'invalid_event' }, { code: 'not_an_object' }])
    const id: string = json.items.find((one: { code: string }) => one.code === 'invalid_event').id
    const replay = (body: unknown) =>
      shop.fetch(`/api/v1/rejected-events/${id}/replay`, { method: 'POST', body })
    expect(await replay({})).toMatchObject({ status: 422, json: { code: 'customers.still_rejected' } })
    const mended = { event: { type: 'track', event: 'Seen', userId: 'u1' } }
    expect(await replay(mended)).toMatchObject({ status: 200, json: { accepted: 1 } })
    expect(await replay(mended)).toMatchObject({ status: 200, json: { accepted: 0, duplicate: 1 } })
  })

  test('what cannot be the name of a trait stays with its event, and its customer can be read', async () => {
    const { shop, send } = await open()
    const names = ['', 'x'.repeat(101), 'x'.repeat(100), 'it\'s "$.odd[0]"']
    const traits = Object.fromEntries(names.map((name) => [name, 1]))

    await send('/v1/identify', { userId: 'u1', traits })

    const { json } = await shop.fetch('/api/v1/customers')
    expect(json.items).toMatchObject([{ traits: { [names[2]!]: 1, [names[3]!]: 1 } }])
    expect(Object.keys(json.items[0].traits)).toHaveLength(2)
    const events = await shop.as().db.selectFrom('events').select('properties').execute()
    expect(events).toEqual([{ properties: traits }])
  })

  test('an event that nests without end is rejected alone', async () => {
    const { shop, send } = await open()
    const good = JSON.stringify({ type: 'track', event: 'Seen', userId: 'u1', messageId: 'm1' })
    const deep = [
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    ]

    for (const [round, bad] of deep.entries()) {
      const { status, json } = await send('/v1/batch', `{"batch":[${bad},${good}]}`)
      expect([status, json.accepted + json.duplicate, json.rejected.length], `${round}`).toEqual([200, 1, 1])
    }
    expect((await shop.fetch('/api/v1/rejected-events')).json.items).toHaveLength(2)
  })

  test('the write key may stand in the header, the body or Basic auth, and nothing else lets events in', async () => {
    const { shop, send, writeKey } = await open()
    const event = { event: 'Seen', userId: 'u1' }

    expect(await send('/v1/t', { ...event, writeKey }, {})).toMatchObject({
      status: 200,
      json: { accepted: 1 },
    })
    expect(await send('/api/s/track', event, { 'x-write-key': `${writeKey}:secret` })).toMatchObject({
      json: { accepted: 1 },
    })
    const unknown = { authorization: `Basic ${Buffer.from('wk_default_nobody:').toString('base64')}` }
    expect(await send('/v1/track', event, unknown)).toMatchObject({
      status: 401,
      json: { code: 'customers.unknown_write_key' },
    })
    expect((await send('/v1/track', event, {})).status).toBe(401)
    // A person's token is no write key, and a write key opens nothing else.
    expect((await shop.fetch('/v1/track', { method: 'POST', body: event })).status).toBe(401)
    const { items } = (await shop.fetch('/api/v1/sources')).json
    expect(items[0].keyHash).toBeUndefined()
    expect(JSON.stringify(items)).not.toContain(writeKey)
    await shop.fetch(`/api/v1/sources/${items[0].id}`, { method: 'PATCH', body: { enabled: false } })
    expect((await send('/v1/track', event)).status).toBe(401)
  })

  test('bodies come compressed, with any content type, and not too large', async () => {
    const { shop, writeKey } = await open()
    const url = await shop.url()
    const post = (body: Uint8Array, headers: Record<string, string>) =>
      fetch(`${url}/v1/batch`, { method: 'POST', body, headers: { 'x-write-key': writeKey, ...headers } })
    const batch = Buffer.from(JSON.stringify({ batch: [{ type: 'track', event: 'Seen', userId: 7 }] }))

    const zipped = await post(gzipSync(batch), {
      'content-encoding': 'gzip',
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(await zipped.json()).toMatchObject({ accepted: 1 })
    expect((await post(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })).status).toBe(413)
    expect((await post(batch, { 'content-encoding': 'gzip' })).status).toBe(400)
    expect((await post(batch, { 'content-encoding': 'zstd' })).status).toBe(415)
    expect((await post(Buffer.from('{"batch":'), {})).status).toBe(400)
    const many = Buffer.from(JSON.stringify({ batch: Array.from({ length: 1001 }, () => 1) }))
    expect((await post(many, {})).status).toBe(413)
  })

  test('a client whose clock is off is corrected, and one that lives in the year 9999 is not believed', async () => {
    const { shop, send } = await open()
    // The client is an hour ahead: it sent now, by our clock 12:00, and the event happened five minutes before.
    await send('/v1/batch', {
      sentAt: '2026-01-15T13:00:00.000Z',
      batch: [
        { type: 'track', event: 'late', userId: 'u1', timestamp: '2026-01-15T12:55:00.000Z' },
        { type: 'track', event: 'far', userId: 'u1', timestamp: '9999-01-01T00:00:00.000Z' },
      ],
    })
    const events = await shop
      .as()
      .db.selectFrom('events')
      .select(['name', 'occurredAt'])
      .orderBy('name')
      .execute()
    expect(events).toEqual([
      { name: 'far', occurredAt: '2026-01-15T12:00:00.000Z' },
      { name: 'late', occurredAt: '2026-01-15T11:55:00.000Z' },
    ])
  })

  test('what could break a database or a program is refused by itself', async () => {
    const { send } = await open()
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })
    const of = (properties: unknown) => ({ type: 'track', event: 'x', userId: 'u1', properties })
    const bad = [
      of({ a: 'x'.repeat(32 * 1024) }),
      of(nested(40)),
      of(Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`k${n}`, n]))),
      of({ text: 'a\0b' }),
      of({ text: '\ud800' }),
      { ...of({}), timestamp: 'yesterday' },
      { ...of({}), userId: '' },
      { ...of({}), userId: 'null' },
      { ...of({}), messageId: 'x'.repeat(256) },
      null,
      [],
    ]
    const text = JSON.stringify({ batch: [of({}), ...bad, of({})] }).replace('"a\\u0000b"', '"a\\u0000b"')
    const withProto = text.replace('"properties":{"k0"', '"properties":{"__proto__":{"x":1},"k0"')

    const { status, json } = await send('/v1/batch', withProto)

    expect(status).toBe(200)
    expect(json.accepted + json.duplicate + json.rejected.length).toBe(bad.length + 2)
    expect(json.accepted).toBe(2)
    expect(json.rejected.map((one: { code: string }) => one.code)).toEqual([
      'too_large',
      'too_deep',
      'too_many_keys',
      'invalid_text',
      'invalid_text',
      'invalid_timestamp',
      'no_identity',
      'blocked_identity',
      'invalid_messageId',
      'not_an_object',
      'not_an_object',
    ])
  })
})
