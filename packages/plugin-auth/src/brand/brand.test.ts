import { request } from 'node:http'
import { saveSettings, BrandSettings, TenantSettings } from '@clientele/core'
import { createTestClientele, eachStorage, mailbox, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { auth } from '../auth.plugin.ts'
import { TenantMembers } from '../member/member.service.ts'
import { Users } from '../user/users.service.ts'
import { readableOn } from './accent.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const PLAIN = { name: 'Agency', logoUrl: null, color: '#3355dd', registration: 'invite', needsOperator: true }
const LOGO = 'https://acme.example/logo.png'

eachStorage((storage) => {
  test('each host name shows the brand of its tenant to whoever comes, and any other the installation’s', async () => {
    const { shop } = await agency(storage)
    expect(await brandAt(shop, 'acme.shops.example')).toEqual({
      ...PLAIN,
      ...{ name: 'Acme', logoUrl: LOGO, color: '#110022', darkColor: readableOn('#110022', '#16181d') },
    })
    expect(await brandAt(shop, 'other.shops.example:8080')).toMatchObject({ ...PLAIN, name: 'other' })
    expect(await brandAt(shop, 'localhost')).toMatchObject(PLAIN)
    expect(await brandAt(shop, 'nobody.shops.example')).toMatchObject({ code: 'auth.unknown_tenant' })
  })

  test('mails wear the brand of the one tenant that somebody works in, whichever host was asked', async () => {
    const { shop, mails } = await agency(storage)
    const work = (tenantId: string, email: string) =>
      shop.as({ tenantId }).tx(async (t) => {
        const user = await t.get(Users).prove(t, { email })
        await t.get(TenantMembers).add(t, user.id, 'viewer')
      })
    await work('acme', 'ana@example.com')
    await work('acme', 'ben@example.com')
    await work('other', 'ben@example.com')
    for (const email of ['ana@example.com', 'ben@example.com'])
      await shop.fetch('/api/auth/forgot-password', { method: 'POST', as: null, body: { email } })
    await shop.as({ tenantId: 'acme' }).api.auth.createInvitation({
      body: { email: 'eva@example.com', role: 'viewer' },
    })
    await shop.drain()

    for (const email of ['ana@example.com', 'eva@example.com']) {
      const { from, html, text } = mails.last(email)
      expect(from.name).toBe('Acme')
      expect(html).toContain(`<img src="${LOGO}"`)
      expect(html).toContain('solid #110022')
      expect(text).toMatch(/-- \nAcme\n$/)
    }
    expect(mails.last('eva@example.com').html).toContain('<a href="https://agency.example/crm/join?t=acme.')
    const { from, html, text } = mails.last('ben@example.com')
    expect(from.name).toBe('Post')
    expect(html).not.toContain('<img')
    expect(text).toMatch(/-- \nAgency\n$/)
  })
})

test('an accent is changed as little as it takes to be read, and never left unreadable', () => {
  expect(readableOn('#3355dd', '#ffffff')).toBe('#3355dd')
  expect(readableOn('#ffffff', '#ffffff')).not.toBe('#ffffff')
  expect(readableOn('#ffff00', '#ffffff')).toMatch(/^#[0-9a-f]{4}00$/)
  expect(readableOn('#000000', '#16181d')).not.toBe('#000000')
  expect(readableOn('#000000', '#000000')).not.toBe('#000000')
})

/** Two tenants with host names, one of them with a brand. */
async function agency(storage: 'sqlite' | 'postgres') {
  const mails = mailbox()
  const shop: Shop = await createTestClientele({
    storage,
    plugins: [
      auth({
        ...{ appName: 'Agency', tenantDomain: 'shops.example', baseUrl: 'https://agency.example/crm/' },
        pages: { invitation: '/join?t={token}' },
      }),
    ],
    tenancy: { mode: 'multi' },
    mail: { transport: mails, from: 'Post <post@agency.example>' },
  })
  for (const tenantId of ['acme', 'other'])
    await shop.fetch('/api/v1/operator/tenants', {
      method: 'POST',
      as: { tenants: ['*'] },
      body: { tenantId },
    })
  await shop.as({ tenantId: 'acme' }).tx(async (t) => {
    await saveSettings(t, TenantSettings, { name: 'Acme' })
    await saveSettings(t, BrandSettings, { logoUrl: LOGO, color: '#110022' })
  })
  return { shop, mails }
}

/** `fetch` sets the host name itself. */
async function brandAt(shop: Shop, host: string): Promise<unknown> {
  const url = new URL('/api/auth/brand', await shop.url())
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => resolve(JSON.parse(text)))
    })
      .on('error', reject)
      .end()
  })
}
