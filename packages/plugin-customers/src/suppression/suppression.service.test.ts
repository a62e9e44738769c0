import { customers, Suppressions } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  test('an address is found again however it is written, and nobody can read it', async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { ctx, tx, db } = shop.as()
    const service = ctx.get(Suppressions)
    await tx((t) => service.add(t, { email: ' Ana@Example.com ' }, { scope: 'marketing', reason: 'bounce' }))
    await tx((t) => service.add(t, { phone: '+55 (11) 98765-4321' }, { scope: 'all', reason: 'manual' }))

    const is = (use: Parameters<typeof service.isSuppressed>[1]) => service.isSuppressed(ctx, use)
    expect(await is({ email: 'ana@example.com', scope: 'marketing' })).toBe(true)
    expect(await is({ email: 'ana@example.com', scope: 'all' })).toBe(false)
    expect(await is({ email: 'eva@example.com', scope: 'marketing' })).toBe(false)
    expect(await is({ phone: '+5511987654321', scope: 'all' })).toBe(true)
    expect(await is({ email: 'no address', scope: 'all' })).toBe(true)
    const rows = JSON.stringify(await db.selectFrom('suppressions').selectAll().execute())
    expect(rows).not.toMatch(/ana@|98765/i)
  })

  test('the wider scope stays, and a removed address may be written to again', async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { ctx, tx, api } = shop.as()
    const service = ctx.get(Suppressions)
    const email = 'ana@example.com'
    for (const scope of ['marketing', 'all', 'marketing'] as const)
      await tx((t) => service.add(t, { email }, { scope, reason: scope === 'all' ? 'complaint' : 'manual' }))
    expect((await api.customers.listSuppressions()).items).toMatchObject([
      { kind: 'email', scope: 'all', reason: 'complaint' },
    ])
    const { suppression } = await api.customers.checkSuppression({ body: { email } })
    await api.customers.removeSuppression({ params: { id: suppression!.id } })
    expect(await service.isSuppressed(ctx, { email, scope: 'marketing' })).toBe(false)
    expect(await tx((t) => service.remove(t, { email }))).toBe(false)
  })

  test('the same address of two tenants has nothing in common', async () => {
    const tenants = ['one', 'two']
    const shop = await createTestClientele({
      storage,
      plugins: [customers()],
      tenancy: { mode: 'multi', tenants: async () => tenants },
    })
    const hashes: unknown[] = []
    for (const tenantId of tenants) {
      const { tx } = shop.as({ tenantId })
      const cause = { scope: 'all', reason: 'manual' } as const
      hashes.push((await tx((t) => t.get(Suppressions).add(t, { email: 'ana@example.com' }, cause))).hash)
    }
    expect(new Set(hashes).size).toBe(2)
  })
})

test('an address is either a mail address or a number', async () => {
  const shop = await createTestClientele({ plugins: [customers()] })
  for (const body of [
    {},
    { email: 'ana@example.com', phone: '+5511987654321' },
    { email: 'nobody' },
    { phone: '12' },
  ]) {
    const answer = await shop.fetch('/api/v1/suppressions', { method: 'POST', body })
    expect([answer.status, answer.json.code]).toEqual([422, 'customers.invalid_address'])
  }
})
