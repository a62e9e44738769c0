import { customers, Merges } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { api, tx, db } = shop.as()
    const make = async (firstName: string) => (await api.customers.create({ body: { firstName } })).id
    const change = (id: string, body: { add?: string[]; remove?: string[] }) =>
      api.customers.changeTags({ params: { id }, body })
    const tagsOf = async (id: string) => (await api.customers.listCustomerTags({ params: { id } })).tags
    const tagged = async (tag: string) =>
      (await api.customers.list({ query: { tag, sort: 'firstName' } })).items.map((one) => one.firstName)
    return { shop, api, tx, db, make, change, tagsOf, tagged }
  }

  test('tags are put on, taken off and asked for', async () => {
    const { api, make, change, tagged, shop } = await open()
    const [ana, bo] = [await make('Ana'), await make('Bo')]
    expect(await change(ana, { add: [' vip ', 'new', 'vip'] })).toEqual({ tags: ['new', 'vip'] })
    expect(await change(bo, { add: ['vip', 'old'], remove: ['old'] })).toEqual({ tags: ['vip'] })

    expect(await tagged('vip')).toEqual(['Ana', 'Bo'])
    expect(await tagged('vip,new')).toEqual(['Ana'])
    expect(await tagged('nobody has it')).toEqual([])
    const counted = await shop.fetch('/api/v1/customers?tag=vip&count=exact&limit=1&firstName=Ana')
    expect(counted.json).toMatchObject({ items: [{ firstName: 'Ana' }], total: 1 })
    expect((await api.customers.listTags({})).items).toEqual([
      { name: 'new', customers: 1 },
      { name: 'vip', customers: 2 },
    ])
    await change(ana, { remove: ['vip', 'never there'] })
    expect(await tagged('vip')).toEqual(['Bo'])
    expect((await api.customers.details({ params: { id: ana } })).sections).toMatchObject({ tags: ['new'] })
  })

  test('many customers are tagged at once, or none', async () => {
    const { api, make, tagged } = await open()
    const customerIds = [await make('Ana'), await make('Bo')]
    const body = { customerIds, add: ['sale'] }
    expect(await api.customers.changeTagsOfMany({ body })).toEqual({ added: 2, removed: 0 })
    expect(await api.customers.changeTagsOfMany({ body })).toEqual({ added: 0, removed: 0 })
    const stranger = '00000000-0000-7000-8000-000000000000'
    await expect(
      api.customers.changeTagsOfMany({ body: { customerIds: [...customerIds, stranger], remove: ['sale'] } }),
    ).rejects.toMatchObject({ code: 'entity.not_found', params: { id: stranger } })
    expect(await tagged('sale')).toEqual(['Ana', 'Bo'])
  })

  test('a tag that is none is refused by name', async () => {
    const { make, change } = await open()
    const id = await make('Ana')
    for (const bad of ['', 'a,b', 'x'.repeat(51), 'a\nb']) {
      await expect(change(id, { add: [bad] }), bad).rejects.toMatchObject({
        code: 'http.invalid_request',
        params: { issues: [{ path: 'add.0' }] },
      })
    }
  })

  test('a merge leaves the union, and its undo what each had; notes follow', async () => {
    const { api, tx, make, change, tagsOf } = await open()
    const [ana, anna] = [await make('Ana'), await make('Anna')]
    await change(ana, { add: ['vip', 'new'] })
    await change(anna, { add: ['vip', 'old'] })
    await api.customers.addNote({ params: { id: anna }, body: { text: 'Calls on Mondays' } })
    const { id } = await tx((t) => t.get(Merges).merge(t, ana, anna, { cause: 'person' }))
    expect(await tagsOf(ana)).toEqual(['new', 'old', 'vip'])
    const { sections } = await api.customers.details({ params: { id: ana } })
    expect(sections).toMatchObject({ notes: [{ text: 'Calls on Mondays', authorKind: 'system' }] })

    await tx((t) => t.get(Merges).undo(t, id))
    expect([await tagsOf(ana), await tagsOf(anna)]).toEqual([
      ['new', 'vip'],
      ['old', 'vip'],
    ])
    expect((await api.customers.listCustomerNotes({ params: { id: ana } })).items).toEqual([])
  })

  test('a note is written, mended, found and removed; its author stays; an erasure takes it', async () => {
    const { api, db, make, shop } = await open()
    const id = await make('Ana')
    const answer = await shop.fetch(`/api/v1/customers/${id}/notes`, {
      method: 'POST',
      body: { text: ' Likes tea ' },
    })
    expect(answer).toMatchObject({ status: 201, json: { text: 'Likes tea', customerId: id } })
    const note = answer.json
    const params = { id: note.id as string }
    const mended = await api.customers.updateNote({ params, body: { text: 'Likes green tea' } })
    expect(mended).toMatchObject({ text: 'Likes green tea', authorId: note.authorId })
    expect((await api.customers.listNotes({ query: { q: 'green' } })).items).toHaveLength(1)
    const second = await api.customers.addNote({ params: { id }, body: { text: 'Second' } })
    await api.customers.removeNote({ params: { id: second.id } })
    await api.customers.changeTags({ params: { id }, body: { add: ['vip'] } })

    await api.customers.eraseCustomer({ params: { id }, body: {} })
    await shop.drain()
    expect(await db.selectFrom('customerNotes').select('id').execute()).toEqual([])
    expect(await db.selectFrom('customerTags').select('id').execute()).toEqual([])
  })
})
