import { Audit, SubjectRows } from '@clientele/core'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { audit } from '../audit.plugin.ts'
import { Account, Beat, Note, notes, Person, user } from '../notes.fixture.ts'
import { AuditTrail } from './entry.service.ts'

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [notes(), audit()] })
  type Shop = Awaited<ReturnType<typeof open>>

  const ana = { actor: user('ana') }
  const entries = async (shop: Shop) =>
    (await shop.as().api.audit.list({ query: { sort: 'at', limit: 200 } })).items
  /** Everything that stands in the tables of the trail. */
  const dump = async (shop: Shop): Promise<string> => {
    const { db } = shop.as()
    const tables = ['auditEntries', 'auditSubjects', 'auditSeals', 'auditPending', 'auditHeads'] as const
    const rows = []
    for (const table of tables) rows.push(await db.selectFrom(table).selectAll().execute())
    return JSON.stringify(rows)
  }

  test('who changed what is told with the values before and after, the request and the address', async () => {
    const shop = await open()
    const created = await shop.fetch('/api/v1/notes', {
      method: 'POST',
      headers: { 'x-request-id': 'req-1' },
      body: { mark: { color: 'red' } },
    })
    await shop.fetch(`/api/v1/notes/${created.json.id}`, {
      method: 'PATCH',
      body: { mark: { color: 'blue' } },
    })
    await shop.fetch(`/api/v1/notes/${created.json.id}`, { method: 'DELETE' })
    const [inserted, patched, removed] = await entries(shop)
    expect(inserted).toMatchObject({
      action: 'insert',
      entity: 'notes',
      rowId: created.json.id,
      actorKind: 'user',
      requestId: 'req-1',
      origin: 'live',
      details: { after: { mark: { color: 'red' } } },
    })
    expect(inserted!.ip).toMatch(/127\.0\.0\.1/)
    expect(patched!.details).toEqual({
      before: { mark: { color: 'red' } },
      after: { mark: { color: 'blue' } },
    })
    expect(removed).toMatchObject({ action: 'remove', details: { before: { mark: { color: 'blue' } } } })
  })

  test('an entry is there exactly if its change is', async () => {
    const shop = await open()
    const { tx } = shop.as(ana)
    const undone = tx(async (t) => {
      await t.repo(Note).insert({})
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await tx(async (t) => {
      await t
        .tx((savepoint) =>
          savepoint
            .repo(Note)
            .insert({})
            .then(() => Promise.reject(new Error('no'))),
        )
        .catch(() => {})
      await t.repo(Note).insert({ mark: { kept: true } })
    })
    expect((await entries(shop)).map(({ details }) => details)).toEqual([
      { after: { mark: { kept: true }, text: '[personal]' } },
    ])
  })

  test('what the system, traffic and imports do is not told, nor derived rows; marked decisions are', async () => {
    const shop = await open()
    const write = (scope: Parameters<Shop['as']>[0], entity: typeof Note | typeof Beat) =>
      shop
        .as(scope)
        .tx((t) => t.repo(entity as typeof Note).insert((entity === Beat ? { at: 1 } : {}) as never))
    await write({}, Note)
    await write({ actor: user('key', { kind: 'key', audited: false }) }, Note)
    await write({ ...ana, origin: 'import' }, Note)
    await write({ ...ana, origin: 'replay' }, Note)
    await write(ana, Beat)
    expect(await entries(shop)).toEqual([])
    const system = { kind: 'system', id: 'tier-rule', permissions: new Set(['*']), audited: true } as const
    await write({ actor: system }, Note)
    await write({ actor: user('ana', { via: 'ai' }) }, Note)
    expect(await entries(shop)).toMatchObject([
      { actorKind: 'system', actorId: 'tier-rule', via: null },
      { actorKind: 'user', actorId: 'ana', via: 'ai' },
    ])
  })

  test('secrets are told as changed and never shown; personal values of nobody who could be erased neither', async () => {
    const shop = await open()
    const { tx } = shop.as(ana)
    const { id } = await tx((t) => t.repo(Account).insert({ email: 'c4nary@example.com', key: 'c4nary-key' }))
    await tx((t) => t.repo(Account).patch(id, { key: 'c4nary-other' }))
    await tx((t) => t.repo(Account).patch(id, { apiToken: 'c4nary-token' }))
    expect((await entries(shop)).map(({ details }) => details)).toEqual([
      { after: { email: '[personal]', apiToken: '[hidden]' } },
      { before: {}, after: {} },
      { before: { apiToken: '[hidden]' }, after: { apiToken: '[hidden]' } },
    ])
    expect(await dump(shop)).not.toContain('c4nary')
  })

  test('what is no change of a row is told by a note, whoever acts', async () => {
    const shop = await open()
    await shop
      .as()
      .ctx.get(Audit)
      .record(shop.as().ctx, {
        action: 'auth.signed-in',
        actor: { kind: 'user', id: 'ana' },
        details: { method: 'password' },
      })
    expect(await entries(shop)).toMatchObject([
      { action: 'auth.signed-in', actorId: 'ana', entity: null, details: { method: 'password' } },
    ])
  })

  test('exports are told', async () => {
    const shop = await open()
    await shop.fetch('/api/v1/notes/export.csv?columns=text')
    expect(await entries(shop)).toMatchObject([
      { action: 'core.exported', entity: 'notes', details: { columns: ['text'] } },
    ])
  })

  test('an erasure takes personal values out of the trail, and the chain still holds', async () => {
    const shop = await open()
    const { ctx } = shop.as()
    const { tx } = shop.as(ana)
    const { id } = await tx((t) => t.repo(Person).insert({ name: 'c4nary Eva', email: 'c4nary@example.com' }))
    await tx((t) => t.repo(Person).patch(id, { name: 'c4nary Eve' }))
    await tx((t) => t.repo(Note).insert({ personId: id, text: 'c4nary note' }))
    await tx((t) => t.repo(Note).insert({ text: 'c4nary of nobody' }))
    await ctx.get(AuditTrail).seal(ctx)
    await tx((t) => t.repo(Person).patch(id, { age: 40 }))
    expect(await dump(shop)).toContain('c4nary')

    await tx((t) => t.get(SubjectRows).erase(t, Person, id))

    expect(await dump(shop)).not.toContain('c4nary')
    await ctx.get(AuditTrail).seal(ctx)
    const found = await ctx.get(AuditTrail).verify(ctx)
    expect(found).toMatchObject({ pending: 0, problems: [] })
    expect(found.entries).toBeGreaterThan(5)
  })

  test('an entry is read by its address, with its place in the chain', async () => {
    const shop = await open()
    await shop.as(ana).tx((t) => t.repo(Note).insert({}))
    const [entry] = await entries(shop)
    const read = () => shop.as().api.audit.get({ params: { id: entry!.id } })
    expect(await read()).toMatchObject({ action: 'insert', seal: null })
    await shop.drain()
    shop.clock.advance('2s')
    await shop.drain()
    expect(await read()).toMatchObject({ seal: { seq: 1 } })
  })

  test('entries are found by who, what, when and which request', async () => {
    const shop = await open()
    const { id } = await shop.as({ ...ana, requestId: 'r1' }).tx((t) => t.repo(Note).insert({}))
    shop.clock.advance('1h')
    await shop.as({ actor: user('eva'), requestId: 'r2' }).tx((t) => t.repo(Note).patch(id, { text: 'x' }))
    const found = async (query: Readonly<Record<string, string>>) =>
      (await shop.as().api.audit.list({ query })).items.map(({ actorId }) => actorId)
    expect(await found({ actorId: 'eva' })).toEqual(['eva'])
    expect(await found({ entity: 'notes', rowId: id, sort: '-at' })).toEqual(['eva', 'ana'])
    expect(await found({ 'at.lt': '2026-01-15T12:30:00Z' })).toEqual(['ana'])
    expect(await found({ requestId: 'r2', action: 'patch' })).toEqual(['eva'])
  })
})
