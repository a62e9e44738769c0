import { Files } from '@clientele/core'
import { Customer, CustomerEvents, customers } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [customers()] })

  test('a telephone number is read with the customer’s country, else with the tenant’s', async () => {
    const shop = await open()
    const { api } = shop.as()
    const make = async (body: object) => (await api.customers.create({ body })).phone
    expect(await make({ phone: '+55 (11) 98765-4321' })).toBe('+5511987654321')
    expect(await make({ phone: '11 98765-4321', country: 'Brazil' })).toBe('+5511987654321')
    await expect(make({ phone: '11 98765-4321' })).rejects.toMatchObject({
      code: 'customers.invalid_phone',
      status: 422,
      params: { field: 'phone', country: null },
    })
    await api.core.updateSettings({ params: { name: 'tenant' }, body: { locale: 'pt-BR' } })
    expect(await make({ phone: '11 98765-4321' })).toBe('+5511987654321')
    await api.core.updateSettings({ params: { name: 'customers' }, body: { country: 'DE' } })
    expect(await make({ phone: '030 1234567' })).toBe('+49301234567')
    expect(await make({ phone: '030 1234567', country: 'IT' })).toBe('+390301234567')
    for (const phone of [' +49 30 1234567', '\u202a+49\u00a030 1234567\u202c', '＋４９ ３０ １２３４５６７'])
      expect(await make({ phone }), phone).toBe('+49301234567')
    for (const phone of ['12', 'call me', '+999123456789', '+49 30 1234567 ext. 5']) {
      await expect(make({ phone }), phone).rejects.toMatchObject({ code: 'customers.invalid_phone' })
    }
  })

  test('a patch reads the number with the country the customer has', async () => {
    const shop = await open()
    const { api, tx } = shop.as()
    const { id } = await api.customers.create({ body: { country: 'br' } })
    const { country, phone } = await api.customers.update({
      params: { id },
      body: { phone: '11 98765-4321' },
    })
    expect([country, phone]).toEqual(['BR', '+5511987654321'])
    const rows = await tx((t) =>
      t.repo(Customer).patchMany([
        { id, changes: { phone: '(11) 98765-4322' } },
        { id, changes: { phone: '11 98765 4322' } },
      ]),
    )
    expect(rows.map((row) => [row.phone, row.version])).toEqual([
      ['+5511987654322', 3],
      ['+5511987654322', 4],
    ])
  })

  test('country, locale and time zone are what the standards say, or are refused by name', async () => {
    const shop = await open()
    const { api } = shop.as()
    const made = await api.customers.create({
      body: { country: 'united kingdom', locale: 'pt_br', timeZone: 'America/Sao_Paulo' },
    })
    expect(made).toMatchObject({ country: 'GB', locale: 'pt-BR', timeZone: 'America/Sao_Paulo' })
    expect((await api.customers.list({ query: { country: 'United Kingdom' } })).items).toHaveLength(1)
    for (const [name, value] of [
      ['country', 'Atlantis'],
      ['country', 'XX'],
      ['locale', 'not a locale'],
      ['timeZone', '+01:00'],
      ['timeZone', 'Mars/Olympus'],
    ] as const) {
      await expect(api.customers.create({ body: { [name]: value } }), value).rejects.toMatchObject({
        code: 'http.invalid_request',
        params: { issues: [{ path: name }] },
      })
    }
  })

  test('a file is held to the same, row by row, and what it says again changes nothing', async () => {
    const shop = await open()
    const { api, ctx } = shop.as()
    const csv =
      'externalId,phone,country,timeZone\n1,11 98765-4321,Brazil,\n2,nonsense,BR,\n3,,,Mars/Olympus\n'
    const run = async () => {
      const file = { name: 'people.csv', contentType: 'text/csv', permission: 'files:read' }
      const fileId = (await ctx.get(Files).put(ctx, file, once(csv))).id
      const { id } = await api.customers.startImport({ body: { fileId, key: 'externalId', source: 'old' } })
      await shop.drain()
      return api.core.getImport({ params: { id } })
    }
    const first = await run()
    expect(first).toMatchObject({ inserted: 1, failed: 2 })
    expect((await api.customers.list({})).items).toMatchObject([{ phone: '+5511987654321', country: 'BR' }])
    expect(await run()).toMatchObject({ inserted: 0, updated: 0, unchanged: 1, failed: 2 })
  })

  test('what an event says unreadably stays a trait, and names nobody', async () => {
    const shop = await open()
    const { api, tx, db } = shop.as()
    const identify = (userId: string, traits: object) =>
      tx((t) =>
        t
          .get(CustomerEvents)
          .identify(t, { identifiers: [{ type: 'userId', value: userId }], traits: { ...traits } }),
      )
    const source = await api.customers.createSource({ body: { name: 'web' } })
    const send = (userId: string, traits: object) =>
      shop.fetch('/v1/identify', {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${source.writeKey}:`)}` },
        body: { userId, traits },
        as: null,
      })
    await send('u1', { phone: '11 98765-4321', address: { country: 'Brazil' }, timezone: 'Mars/Olympus' })
    await send('u2', { phone: 'nonsense', country: 'Atlantis' })
    await identify('u3', { phone: '030 1234567' })
    const people = await db
      .selectFrom('customers')
      .select(['phone', 'country', 'traits'])
      .orderBy('id')
      .execute()
    expect(people).toEqual([
      {
        phone: '+5511987654321',
        country: 'BR',
        traits: { address: { country: 'Brazil' }, timezone: 'Mars/Olympus' },
      },
      { phone: null, country: null, traits: { phone: 'nonsense', country: 'Atlantis' } },
      { phone: null, country: null, traits: { phone: '030 1234567' } },
    ])
    const phones = await db.selectFrom('identities').select('value').where('type', '=', 'phone').execute()
    expect(phones).toEqual([{ value: '+5511987654321' }])
  })
})

async function* once(text: string): AsyncGenerator<string> {
  yield text
}
