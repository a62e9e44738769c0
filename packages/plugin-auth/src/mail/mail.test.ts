import type { AddressInfo } from 'node:net'
import { smtp } from '@clientele/mailer-smtp'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'
import { LOCALES } from '../user/user.entity.ts'
import { compose } from './compose.ts'
import { mailKinds, type MailKind } from './words.ts'

const BRAND = { name: 'A <i>shop</i>', logoUrl: null, color: '#ffee00', darkColor: '#ffee00' }

/** A real SMTP server on a port of its own. */
async function postOffice(): Promise<{ readonly port: number; readonly mails: Email[] }> {
  const mails: Email[] = []
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData(stream, _, done) {
      void (async () => {
        mails.push(await PostalMime.parse(Buffer.concat(await stream.toArray())))
        done()
      })()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

test('a code arrives over SMTP as text and as HTML, in the language of its reader', async () => {
  const { port, mails } = await postOffice()
  const transport = smtp({ host: '127.0.0.1', port, tls: 'none', from: 'Loja <ola@loja.example>' })
  const { t, call } = await accounts('sqlite', { transport, appName: 'Loja & Cia' })
  for (const [email, locale] of [
    ['ana@example.com', 'pt'],
    ['bob@example.com', 'en'],
  ]) {
    const { requestId } = (await call('POST', 'register', { email, password: PASSWORD, locale })).json
    await t.drain()
    const mail = mails.find(({ to }) => to?.[0]?.address === email)!
    const code = /^\d{6}$/m.exec(mail.text!)![0]
    expect(mail.from).toMatchObject({ name: 'Loja', address: 'ola@loja.example' })
    expect(mail.subject).toBe(
      locale === 'pt' ? `${code} é o seu código para Loja & Cia` : `${code} is your code for Loja & Cia`,
    )
    expect(mail.html).toContain(`>${code}</p>`)
    expect(mail.html).toContain(`<html lang="${locale}">`)
    expect(mail.html).toContain('Loja &#38; Cia')
    expect((await call('POST', 'verify', { requestId, code })).status).toBe(200)
  }
})

test.each([
  [
    'en',
    'New sign-in to your account at Loja',
    'Firefox on Windows, 2026-01-15 12:00 UTC, from the address 127.0.0.1',
  ],
  [
    'pt',
    'Novo acesso à sua conta em Loja',
    'Firefox em Windows, 2026-01-15 12:00 UTC, a partir do endereço 127.0.0.1',
  ],
])('a new device is told of over SMTP, with the way to end it: in %s', async (locale, subject, said) => {
  const { port, mails } = await postOffice()
  const transport = smtp({ host: '127.0.0.1', port, tls: 'none', from: 'Loja <ola@loja.example>' })
  const url = { mailUrl: 'https://loja.example', appName: 'Loja' }
  const { t, call, signIn } = await accounts('sqlite', { transport, ...url })
  const person = { email: 'ana@example.com', password: PASSWORD }
  const { requestId } = (await call('POST', 'register', { ...person, locale })).json
  await t.drain()
  const code = /^\d{6}$/m.exec(mails.at(-1)!.text!)![0]
  await call('POST', 'verify', { requestId, code })
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0'
  const headers = { 'user-agent': userAgent }
  await t.fetch('/api/auth/token', { method: 'POST', as: null, body: person, headers })
  await signIn(person.email)
  await t.drain()
  expect(mails).toHaveLength(2)
  const { text, html, ...mail } = mails.at(-1)!
  expect(mail.subject).toBe(subject)
  for (const form of [text, html]) {
    expect(form).toContain(said)
    expect(form).toContain('https://loja.example/admin/forgot-password')
  }
  expect(html).toContain(`<html lang="${locale}">`)
})

test('no mail says anything that a request put into its headers', async () => {
  const { port, mails } = await postOffice()
  const { t } = await accounts('sqlite', {
    transport: smtp({ host: '127.0.0.1', port, tls: 'none', from: 'a@b.example' }),
  })
  const ask = (path: string, body: object) =>
    t.fetch(`/api/auth/${path}`, {
      method: 'POST',
      as: null,
      body,
      headers: {
        'x-forwarded-host': 'evil.example',
        forwarded: 'host=evil.example',
        origin: 'https://evil.example',
        referer: 'https://evil.example/',
        'user-agent': 'evil.example',
      },
    })
  await ask('register', { email: 'ana@example.com', password: PASSWORD, name: 'evil.example' })
  await ask('forgot-password', { email: 'ana@example.com' })
  await t.drain()
  expect(mails).toHaveLength(1)
  expect(JSON.stringify(mails)).not.toContain('evil.example')
})

test('every mail is whole in every language: nothing is left to fill in, and values are text', () => {
  for (const locale of LOCALES) {
    for (const kind of mailKinds.filter((one): one is MailKind => one !== 'nothing')) {
      const values = {
        ...{ app: '<b>Shop</b>', code: '123456', email: 'ana@example.com' },
        ...{ shop: 'A "shop"', link: 'https://shop.example/join', until: '2026-01-22 12:00 UTC' },
        ...{ device: 'Firefox on Windows', when: '2026-01-15 12:00 UTC', ip: '203.0.113.7' },
      }
      const { subject, text, html } = compose({ kind, locale, brand: BRAND }, values)
      expect([subject, text, html].join('\n')).not.toMatch(/[{}]|undefined/)
      expect(html).not.toContain('<b>')
      // Who gets a code types it where it was asked for.
      if (['register', 'reset', 'email'].includes(kind)) expect(`${html}${text}`).not.toMatch(/href|http/)
      expect(html).not.toContain('src=')
      expect(subject).not.toContain('\n')
    }
  }
})
