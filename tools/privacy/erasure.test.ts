import { Files, type AnyEntity } from '@clientele/core'
import { Consents, Customer, CustomerEvents, customers, Merges, Privacy } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { storedText } from './stored-text.ts'

const plugins = [customers(), inventory(), orders(), segments()] as const

/** In every text that tells of the person; its end too, for indexes that keep only the ends of words. */
const CANARY = 'kq7zebrafalcon'
const CANARY_END = 'brafalcon'
const PHONE = '+5511900077123'

eachStorage((storage) => {
  test('after an erasure the database holds nothing of the person, in no plugin and not in removed rows', async () => {
    const shop = await createTestClientele({ storage, plugins })
    const { api, tx, ctx } = shop.as()
    const address = (n: number): string => `${CANARY}${n}@example.com`
    const body = (n: number) => ({
      firstName: CANARY,
      lastName: CANARY,
      email: address(n),
      phone: PHONE,
      traits: { [`${CANARY}${n}`]: CANARY },
      source: 'old-shop',
      externalId: `${CANARY}-${n}`,
    })
    const [ana, anna, removed, other] = await Promise.all(
      [body(1), body(2), body(3), { firstName: 'Eva', email: 'eva@example.com' }].map(
        async (one) => (await api.customers.create({ body: one })).id,
      ),
    )
    const people = [ana!, anna!, removed!]
    // Routes hold these to their standards; code may write what it likes.
    const places = { country: CANARY, locale: CANARY, timeZone: CANARY }
    await tx((t) => t.repo(Customer).patchMany(people.map((id) => ({ id, changes: places }))))
    for (const [n, customerId] of people.entries()) {
      await tx(async (t) => {
        const json = { [CANARY]: CANARY }
        const identifiers = [
          { type: 'email', value: address(n + 1) },
          { type: 'anonymousId', value: `${CANARY}-${n}` },
        ]
        const events = t.get(CustomerEvents)
        await events.track(t, { who: { identifiers }, name: 'Seen', properties: json, context: json })
        await t.get(Consents).record(t, {
          ...{ customerId, purpose: 'marketing', state: 'granted', via: 'form' },
          ...{ ip: CANARY, proof: json },
        })
      })
      const line = { sku: 'MUG', name: 'Mug', quantity: 1, unitPrice: { amount: 500, currency: 'EUR' } }
      await api.orders.create({ body: { customerId, state: 'paid', lines: [line] } })
      await api.customers.addNote({ params: { id: customerId }, body: { text: `Called ${CANARY}` } })
    }
    async function* csv(): AsyncGenerator<string> {
      yield `id,firstName,email\n${ana},Changed ${CANARY},${address(1)}\nnobody,Bad,${address(2)}\n`
    }
    // Merges with all that they keep for an undo: one is undone again.
    const undone = await tx((t) => t.get(Merges).merge(t, ana!, other!, { cause: 'person' }))
    await tx((t) => t.get(Merges).undo(t, undone.id))
    const { customerId } = (await tx((t) =>
      t.get(CustomerEvents).track(t, {
        name: 'Seen',
        who: {
          identifiers: [
            { type: 'email', value: address(1) },
            { type: 'anonymousId', value: `${CANARY}-1` },
          ],
        },
      }),
    ))!
    // Rows that went because the survivor had one, such as those of a plugin whose rows tell of a person.
    const rows = { entity: 'labels', column: 'customerId', ids: [], removed: [{ label: CANARY }] }
    await tx((t) =>
      t.projection('what a merge may keep', (db) => db.updateTable('mergeMoves').set({ rows }).execute()),
    )
    await api.customers.remove({ params: { id: removed! } })
    const { writeKey } = await api.customers.createSource({ body: { name: 'web' } })
    const batch = [
      { type: 'track', userId: `${CANARY}-1` },
      { type: 'track', email: address(2) },
    ]
    const event = { method: 'POST', body: JSON.stringify({ writeKey, batch }), as: null }
    await shop.fetch('/v1/batch', event)
    const file = { name: 'people.csv', contentType: 'text/csv', permission: 'files:read' }
    const { id: fileId } = await ctx.get(Files).put(ctx, file, csv())
    const options = { fileId, key: 'id', source: 'old-shop' }
    const { id: importId } = await api.customers.startImport({ body: options })
    await shop.drain()
    const done = await api.core.getImport({ params: { id: importId } })
    expect(done).toMatchObject({ updated: 1, failed: 1 })
    // Files are the shop's own: it removes what it uploaded.
    for (const id of [fileId, done.errorFileId!]) await api.core.removeFile({ params: { id } })
    await shop.drain()
    const before = await storedText(shop.storage)
    const unfilled = personalColumns().filter((place) => !isTold(before.get(place) ?? ''))
    expect(unfilled, 'personal columns without the canary: fill them above').toEqual([])

    const exported = await collect(await api.customers.exportCustomer({ params: { id: customerId } }))
    for (const table of ['customers', 'events', 'identities', 'consents', 'customerNotes', 'orders'])
      expect(exported).toContain(`"entity":"${table}"`)
    await tx((t) => t.get(Privacy).eraseCustomer(t, customerId))
    await tx((t) => t.get(Privacy).eraseCustomer(t, removed!))
    const waiting = await storedText(shop.storage)
    expect(told(waiting).filter((place) => place.startsWith('clientele_jobs.'))).toEqual([])
    shop.clock.advance('1m')
    await shop.drain()

    expect(told(await storedText(shop.storage))).toEqual([])
    expect((await api.customers.list()).items).toMatchObject([{ id: other, email: 'eva@example.com' }])
    const kept = await ctx.db.selectFrom('orders').select(['customerId']).execute()
    expect(kept).toEqual(people.map(() => ({ customerId: null })))
  })
})

/** `table.column` of every personal column of every plugin. */
function personalColumns(): string[] {
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return plugins.flatMap(({ definition }) =>
    ((definition.entities ?? []) as readonly AnyEntity[]).flatMap((entity) =>
      Object.entries(entity.columns)
        .filter(([, { spec }]) => spec.pii)
        .map(([column]) => `clientele_${snake(entity.name)}.${column}`),
    ),
  )
}

/** Where anything of the person still stands. */
function told(stored: ReadonlyMap<string, string>): string[] {
  return [...stored].filter(([, text]) => isTold(text.toLowerCase())).map(([place]) => place)
}

function isTold(text: string): boolean {
  return text.includes(CANARY_END) || text.includes(PHONE.slice(1))
}

async function collect(pieces: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += String(piece)
  return text
}
