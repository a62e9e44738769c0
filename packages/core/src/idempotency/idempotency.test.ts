import { createTestClientele, eachStorage, type TestRequest } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { gate, notes } from './notes.fixture.ts'

const KEY = { 'idempotency-key': 'f3b1c0de-0001' }

eachStorage((storage) => {
  const open = (options: { readonly keepMs?: number; readonly lockMs?: number } = {}) =>
    createTestClientele({
      storage,
      tenancy: { mode: 'multi' },
      plugins: [notes()],
      idempotency: options,
    })
  type Test = Awaited<ReturnType<typeof open>>

  const post = (t: Test, path: string, title: string, more: TestRequest = {}) =>
    t.fetch(`/api/v1/${path}`, { method: 'POST', body: { title }, headers: KEY, ...more })
  const titles = async (t: Test, tenantId = 'default'): Promise<string[]> => {
    const rows = await t.as({ tenantId }).ctx.db.selectFrom('notes').select('title').execute()
    return rows.map(({ title }) => title)
  }

  test('a repetition is answered byte for byte as the first request was, and does nothing', async () => {
    const t = await open()
    const first = await post(t, 'slow-notes', 'tea')
    const second = await post(t, 'slow-notes', 'tea')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect([second.status, second.text]).toEqual([201, first.text])
    for (const name of ['location', 'etag', 'content-type', 'content-length', 'x-of-mine'])
      expect(second.headers.get(name), name).toBe(first.headers.get(name))
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(await titles(t)).toEqual(['tea'])
  })

  test('changes and removals are carried out once too', async () => {
    const t = await open()
    const { json: note } = await post(t, 'notes', 'tea')
    const path = `/api/v1/notes/${note.id}`
    const patch = { method: 'PATCH', body: { title: 'mate' }, headers: { ...KEY, 'if-match': '"1"' } }
    const [changed, again] = [await t.fetch(path, patch), await t.fetch(path, patch)]
    expect([changed.json.version, again.json.version]).toEqual([2, 2])
    const remove = { method: 'DELETE', headers: KEY }
    expect((await t.fetch(path, remove)).status).toBe(204)
    expect((await t.fetch(path, remove)).status).toBe(204)
    expect((await t.fetch(path, { method: 'DELETE' })).status).toBe(404)
  })

  test('while the first request runs, another is told to come back', async () => {
    const t = await open()
    const { promise: opened, resolve } = Promise.withResolvers<void>()
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    close(() => (arrive(), opened))
    const first = post(t, 'slow-notes', 'tea')
    await arrived
    const second = await post(t, 'slow-notes', 'tea')
    resolve()
    expect([second.status, second.json.code]).toEqual([409, 'http.idempotency_in_flight'])
    expect(second.headers.get('retry-after')).toBe('1')
    expect((await first).status).toBe(201)
    expect(await titles(t)).toEqual(['tea'])
  })

  test('another body under the same key is refused, the same one in other words is not', async () => {
    const t = await open()
    await post(t, 'slow-notes', 'tea')
    const body = await post(t, 'slow-notes', 'mate')
    expect([body.status, body.json.code]).toEqual([422, 'http.idempotency_mismatch'])
    expect((await post(t, 'slow-notes', 'tea', { body: { title: 'tea', more: '' } })).status).toBe(422)
    const reordered = await t.fetch('/api/v1/slow-notes', {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/json' },
      body: ' { "title":"tea" } ',
    })
    expect(reordered.headers.get('idempotency-replayed')).toBe('true')
    expect(await titles(t)).toEqual(['tea'])
  })

  test('a request that fails leaves nothing done, and its key runs again', async () => {
    const t = await open()
    for (const [title, status] of [
      ['crash', 500],
      ['refuse', 409],
      ['no', 422],
    ] as const) {
      expect((await post(t, 'broken-notes', title)).status).toBe(status)
      expect((await post(t, 'broken-notes', title)).status).toBe(status)
    }
    expect((await post(t, 'notes', '')).status).toBe(201)
    expect(await titles(t)).toEqual([''])
  })

  test('another caller, tenant, route or row with the same key does not meet the first', async () => {
    const t = await open()
    const given = await post(t, 'notes', 'tea')
    const others = [
      await post(t, 'notes', 'mate', { as: { id: 'someone-else' } }),
      await post(t, 'slow-notes', 'cocoa'),
      await post(t, 'notes', 'coffee', { as: { tenants: ['acme'] } }),
    ]
    expect(others.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual(
      Array.from({ length: 3 }, () => [201, null]),
    )
    const patch = { method: 'PATCH', body: { title: 'water' }, headers: KEY }
    for (const id of [given.json.id, others[0]!.json.id])
      expect((await t.fetch(`/api/v1/notes/${id}`, patch)).json.id).toBe(id)
    expect(await titles(t, 'acme')).toEqual(['coffee'])
  })

  test('a key is forgotten after 72 hours', async () => {
    const t = await open()
    const first = await post(t, 'notes', 'tea')
    t.clock.advance('71h')
    expect((await post(t, 'notes', 'tea')).text).toBe(first.text)
    t.clock.advance('1h')
    expect((await post(t, 'notes', 'tea')).text).not.toBe(first.text)
    expect(await titles(t)).toEqual(['tea', 'tea'])
  })

  test('a claim whose holder is late is taken over, and the late one leaves nothing', async () => {
    const t = await open({ lockMs: 10_000 })
    const waiting: (() => void)[] = []
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    // The first one hangs; whoever comes after it does not.
    let calls = 0
    close(() => {
      if (++calls > 1) return Promise.resolve()
      arrive()
      return new Promise((resolve) => waiting.push(resolve))
    })
    const late = post(t, 'slow-notes', 'late')
    await arrived
    if (storage === 'sqlite') {
      // Whoever holds the one write lock cannot be overtaken: the repetition waits for it.
      t.clock.advance('1h')
      const other = post(t, 'slow-notes', 'late')
      waiting[0]!()
      expect((await other).text).toBe((await late).text)
    } else {
      await expectTakeOver(t, late, waiting)
    }
    expect(await titles(t)).toEqual(['late'])
  })

  async function expectTakeOver(
    t: Test,
    late: ReturnType<typeof post>,
    waiting: readonly (() => void)[],
  ): Promise<void> {
    // Moves the lock's end by hand: a process that lives would put it off.
    await t.storage.write({ tenantId: '*' }, (connection) =>
      connection.execute({
        sql: `update clientele_idempotency_keys set token = $1, state = 'done', expires_at = $2`,
        parameters: [crypto.randomUUID(), '2026-01-15T12:00:00.000Z'],
      }),
    )
    const other = await post(t, 'slow-notes', 'late')
    expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([201, null])
    waiting[0]!()
    expect((await late).json.code).toBe('http.idempotency_in_flight')
    expect((await post(t, 'slow-notes', 'late')).text).toBe(other.text)
  }

  test('a header that is no key is refused by name', async () => {
    const t = await open()
    for (const key of ['', 'two words', 'ä', 'x'.repeat(256)]) {
      const { status, json } = await post(t, 'notes', 'tea', { headers: { 'idempotency-key': key } })
      expect([status, json.params?.issues?.[0]?.path], key).toEqual([400, 'idempotency-key'])
    }
    expect(
      (await post(t, 'notes', 'tea', { headers: { 'idempotency-key': `"${'~'.repeat(253)}"` } })).status,
    ).toBe(201)
    expect(await titles(t)).toEqual(['tea'])
  })

  test('handlers that a transaction cannot hold say so, and nothing is done', async () => {
    const t = await open()
    for (const path of ['counted-notes', 'uploads', 'attachments']) {
      const { status, json } = await post(t, path, 'tea')
      expect([status, json.code], path).toEqual([400, 'http.idempotency_unsupported'])
    }
    expect(await titles(t)).toEqual([])
    expect((await post(t, 'counted-notes', 'tea', { headers: {} })).status).toBe(200)
  })

  test('an answer that is too large to keep is not repeated, and not carried out again', async () => {
    const t = await open()
    expect((await post(t, 'large-notes', 'tea')).status).toBe(200)
    const again = await post(t, 'large-notes', 'tea')
    expect([again.status, again.json.code]).toEqual([409, 'http.idempotency_answer_not_kept'])
    expect(await titles(t)).toEqual(['tea'])
  })

  test('routes that ignore the header, reads, and calls in process know no keys', async () => {
    const t = await open()
    await post(t, 'ignoring-notes', 'tea')
    await post(t, 'ignoring-notes', 'tea')
    expect((await t.fetch('/api/v1/notes', { headers: { 'idempotency-key': 'two words' } })).status).toBe(200)
    await t.as({ tenantId: 'default' }).api.notes.create({ body: { title: 'tea' } })
    expect(await titles(t)).toEqual(['tea', 'tea', 'tea'])
  })

  test('the database sees neither the key nor the answer', async () => {
    const t = await open()
    await post(t, 'notes', 'darjeeling')
    const { rows } = await t.storage.read({ tenantId: '*' }, (connection) =>
      connection.execute({ sql: 'select * from clientele_idempotency_keys', parameters: [] }),
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ route: 'notes.create', state: 'done' })
    expect(JSON.stringify(rows)).not.toMatch(/f3b1c0de|darjeeling/)
  })
})

function close(wait: () => Promise<void>): void {
  const before = gate.wait
  gate.wait = wait
  onTestFinished(() => void (gate.wait = before))
}
