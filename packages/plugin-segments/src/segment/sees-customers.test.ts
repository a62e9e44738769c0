import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segments } from '../segments.plugin.ts'

const MAIL = 'eva-the-canary@example.com'

eachStorage((storage) => {
  test('whoever reads segments and no customers learns how many there are, and of nobody who they are', async () => {
    const plugins = [customers(), inventory(), orders(), segments()] as const
    const t = await createTestClientele({ storage, plugins })
    const { api } = t.as()
    const eva = await api.customers.create({ body: { email: MAIL, country: 'BR' } })
    const condition = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }
    const { id } = await api.segments.create({ body: { name: 'Brazil', condition } })
    await t.drain()
    const calls = [
      ['POST', 'preview', { condition }],
      ['GET', `${id}/members`],
      ['GET', `${id}/members?email=${MAIL}&count=exact`],
      ['GET', `${id}/members.csv?columns=id,email`],
      ['POST', 'explain', { condition, customerId: eva.id }],
      ['GET', `${id}/explain?customerId=${eva.id}`],
    ] as const
    const ask = (as: { readonly permissions: readonly string[] }) =>
      Promise.all(
        calls.map(([method, path, body]) =>
          t.fetch(`/api/v1/segments/${path}`, { method, as, ...(body ? { body } : {}) }),
        ),
      )

    const [preview, ...others] = await ask({ permissions: ['segments:read'] })
    expect(preview).toMatchObject({ status: 200, json: { count: 1, share: 1, sample: [] } })
    for (const { status, json } of others)
      expect({ status, code: json.code, params: json.params }).toEqual({
        status: 403,
        code: 'http.forbidden',
        params: { permission: 'customers:read' },
      })
    expect([preview, ...others].map((one) => one!.text).join('\n')).not.toContain(MAIL)
    const seen = await ask({ permissions: ['segments:read', 'customers:read'] })
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(seen[0]!.json.sample).toMatchObject([{ email: MAIL }])
  })
})
