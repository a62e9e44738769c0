import { Customer, customers, Merges, Suppressions } from '@clientele/plugin-customers'
import type { Tx } from '@clientele/core'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  async function open() {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { tx, db, api } = shop.as()
    /** Whose address is on the list, and how. */
    const listed = async () =>
      Object.fromEntries(
        (await db.selectFrom('customerSuppressions').select(['customerId', 'kind', 'scope']).execute()).map(
          ({ customerId, kind, scope }) => [customerId, `${kind} ${scope}`],
        ),
      )
    return { tx, api, listed }
  }
  const email = 'ana@example.com'

  test('the list says of customers what it says of their addresses, whichever came first', async () => {
    const { tx, api, listed } = await open()
    const [ana, bia] = await tx((t) => t.repo(Customer).insertMany([{ email }, { phone: '+5511987654321' }]))
    const suppress = (t: Tx) =>
      t
        .get(Suppressions)
        .add(t, { email: ' Ana@Example.com ' }, { scope: 'marketing', reason: 'unsubscribed' })
    await tx(suppress)
    expect(await listed()).toEqual({ [ana!.id]: 'email marketing' })

    await tx((t) => t.get(Suppressions).add(t, { email }, { scope: 'all', reason: 'bounce' }))
    const { id } = await tx((t) =>
      t.get(Suppressions).add(t, { phone: '+55 11 98765-4321' }, { scope: 'all', reason: 'manual' }),
    )
    const again = await tx((t) => t.repo(Customer).insert({ email }))
    expect(await listed()).toEqual({
      [ana!.id]: 'email all',
      [bia!.id]: 'phone all',
      [again.id]: 'email all',
    })

    await tx((t) => t.repo(Customer).patch(again.id, { email: 'other@example.com' }))
    await api.customers.removeSuppression({ params: { id } })
    expect(await listed()).toEqual({ [ana!.id]: 'email all' })
    await tx((t) => t.get(Suppressions).remove(t, { email }))
    expect(await listed()).toEqual({})
  })

  test('who went into another and comes back has kept step', async () => {
    const { tx, listed } = await open()
    const [ana, bia] = await tx((t) => t.repo(Customer).insertMany([{}, { email }]))
    const { id } = await tx((t) => t.get(Merges).merge(t, ana!.id, bia!.id, { cause: 'person' }))
    await tx((t) => t.get(Suppressions).add(t, { email }, { scope: 'all', reason: 'bounce' }))
    expect(await listed()).toEqual({ [ana!.id]: 'email all', [bia!.id]: 'email all' })
    await tx((t) => t.get(Merges).undo(t, id))
    expect(await listed()).toEqual({ [bia!.id]: 'email all' })
  })

  test('an address that is given and suppressed at once is suppressed', async () => {
    const { tx, listed } = await open()
    const names = Array.from({ length: 12 }, (_, place) => `race${place}@example.com`)
    const ids = await Promise.all(
      names.flatMap((name) => [
        tx((t) => t.repo(Customer).insert({ email: name })).then(({ id }) => id),
        tx((t) => t.get(Suppressions).add(t, { email: name }, { scope: 'all', reason: 'manual' })).then(
          () => null,
        ),
      ]),
    )
    expect(new Set(Object.keys(await listed()))).toEqual(new Set(ids.filter((id) => id !== null)))
  })
})
