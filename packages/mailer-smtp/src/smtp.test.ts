import { createServer, type AddressInfo, type Server } from 'node:net'
import { Mailer, type MailTransport, type OutgoingMail } from '@clientele/core'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { smtp } from './smtp.ts'
import type { SmtpOptions } from './smtp.options.ts'
import { certificate, smtpServer } from './smtp-server.fixture.ts'

const mail: OutgoingMail = {
  messageId: '<1@shop.example>',
  date: '2026-01-15T12:00:00.000Z',
  tenantId: 'default',
  purpose: 'shop.hello',
  from: { name: 'Café "Zur Post", Köln', address: 'hello@shop.example' },
  replyTo: 'help@shop.example',
  to: 'ana@example.com',
  subject: 'Grüße, 東京 — Ihr Code',
  text: 'Schön, dass Sie da sind.\n.\nEnde',
  html: '<p>Schön, dass Sie da sind.</p>',
  headers: { 'X-Shop': 'one' },
}

function transportTo(options: SmtpOptions): MailTransport {
  const transport = smtp(options)
  onTestFinished(() => transport.close?.())
  return transport
}

const send = (transport: MailTransport, values: Partial<OutgoingMail> = {}): Promise<void> =>
  transport.send({ ...mail, ...values }, { signal: new AbortController().signal })

test('a mail arrives as it was written: names, text, HTML, headers', async () => {
  const server = await smtpServer()
  await send(transportTo({ host: '127.0.0.1', port: server.port }))
  const [got] = server.received
  expect([got!.from, got!.to]).toEqual(['hello@shop.example', ['ana@example.com']])
  expect(got!.mail).toMatchObject({
    from: { name: 'Café "Zur Post", Köln', address: 'hello@shop.example' },
    to: [{ address: 'ana@example.com' }],
    replyTo: [{ address: 'help@shop.example' }],
    subject: 'Grüße, 東京 — Ihr Code',
    messageId: '<1@shop.example>',
    date: '2026-01-15T12:00:00.000Z',
  })
  expect(got!.mail.text!.trim()).toBe('Schön, dass Sie da sind.\n.\nEnde')
  expect(got!.mail.html!.trim()).toBe('<p>Schön, dass Sie da sind.</p>')
  expect(got!.mail.headers.find(({ key }) => key === 'x-shop')?.value).toBe('one')
})

test('a mail of text only has no HTML part', async () => {
  const server = await smtpServer()
  await send(transportTo({ host: '127.0.0.1', port: server.port }), { html: null, replyTo: null })
  expect(server.received[0]!.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m)
})

test('connections are kept, and closed in the end', async () => {
  const server = await smtpServer()
  const transport = transportTo({ host: '127.0.0.1', port: server.port, maxConnections: 2 })
  for (let i = 0; i < 5; i++) await send(transport)
  expect([server.received.length, server.connections()]).toEqual([5, 1])
  await Promise.all(Array.from({ length: 20 }, () => send(transport)))
  expect([server.received.length, server.connections()]).toEqual([25, 2])
  await transport.close!()
  await send(transport)
  expect(server.connections()).toBe(3)
})

test('with TLS from the first byte', async () => {
  const { key, cert } = certificate
  const server = await smtpServer({ secure: true, key, cert })
  const auth = { user: 'shop', password: 'right' }
  await send(transportTo({ host: 'localhost', port: server.port, tls: 'always', ca: cert, auth }))
  expect(server.received).toMatchObject([{ secure: true, user: 'shop' }])
})

test('with STARTTLS, by an address with user and password', async () => {
  const { key, cert } = certificate
  const server = await smtpServer({ key, cert })
  const url = `smtp://shop%40example:right@localhost:${server.port}`
  await send(transportTo({ url, tls: 'starttls', ca: cert }))
  expect(server.received).toMatchObject([{ secure: true, user: 'shop@example' }])
})

test('nothing is said to a server that drops STARTTLS from what it offers', async () => {
  const server = await smtpServer({ disabledCommands: ['STARTTLS'] })
  const sent = send(transportTo({ host: '127.0.0.1', port: server.port, tls: 'starttls' }))
  await expect(sent).rejects.toThrow(/offers no usable STARTTLS/)
  expect(server.received).toEqual([])
})

test('a certificate that nobody vouches for is refused, with the way out', async () => {
  const { key, cert } = certificate
  const server = await smtpServer({ secure: true, key, cert })
  const sent = send(transportTo({ host: 'localhost', port: server.port, tls: 'always' }))
  await expect(sent).rejects.toThrow(/certificate of localhost:\d+ is not trusted .*name its authority in ca/)
})

test('TLS to a port that speaks plainly first says so', async () => {
  const server = await smtpServer()
  const sent = send(transportTo({ host: '127.0.0.1', port: server.port, tls: 'always' }))
  await expect(sent).rejects.toThrow(/does not begin with TLS; use tls 'starttls'/)
})

test('a wrong password is a matter of the configuration: the mail is kept, the password is not told', async () => {
  const server = await smtpServer()
  const auth = { user: 'shop', password: 'wr0ng-secret' }
  const error = await send(transportTo({ host: '127.0.0.1', port: server.port, auth })).catch(
    (e: unknown) => e,
  )
  expect(error).toMatchObject({ code: 'mail.not_taken' })
  expect(String(error)).toContain('does not take user "shop" and the password')
  expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng-secret')
})

test.each([
  [421, 'mail.not_taken'],
  [451, 'mail.not_taken'],
  [550, 'mail.refused'],
  [554, 'mail.refused'],
])('a message answered %i is %s', async (code, expected) => {
  const server = await smtpServer()
  server.answerWith(code)
  const transport = transportTo({ host: '127.0.0.1', port: server.port })
  await expect(send(transport)).rejects.toMatchObject({ code: expected, params: { purpose: 'shop.hello' } })
  await send(transport)
  expect(server.received).toHaveLength(1)
})

test.each([
  [450, 'mail.not_taken'],
  [550, 'mail.refused'],
  [530, 'mail.not_taken'],
])('a recipient answered %i is %s', async (code, expected) => {
  const server = await smtpServer({ recipients: { 'ana@example.com': code } })
  const transport = transportTo({ host: '127.0.0.1', port: server.port })
  await expect(send(transport)).rejects.toMatchObject({ code: expected })
})

test('a server that is not there is named', async () => {
  const { port } = await smtpServer()
  const closed = await new Promise<number>((resolve) => {
    const server: Server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo
      server.close(() => resolve(free))
    })
  })
  expect(closed).not.toBe(port)
  const sent = send(transportTo({ host: '127.0.0.1', port: closed }))
  await expect(sent).rejects.toThrow(`nothing listens at 127.0.0.1:${closed}; check host and port`)
})

test('a server that says nothing is given up', async () => {
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const sent = send(transportTo({ host: '127.0.0.1', port, connectMs: 50 }))
  await expect(sent).rejects.toMatchObject({ code: 'mail.not_taken' })
})

test('a server that hangs up in the middle of a message leaves it to another try', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 ready\r\n')
    socket.on('data', (line) => {
      if (/^DATA/i.test(String(line))) return socket.write('354 go on\r\n', () => socket.destroy())
      return socket.write('250 ok\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const transport = transportTo({ host: '127.0.0.1', port })
  await expect(send(transport)).rejects.toMatchObject({ code: 'mail.not_taken' })
})

test.each<Partial<OutgoingMail>>([
  { subject: 'Hello\r\nBcc: eva@example.com' },
  { to: 'ana@example.com\r\nRCPT TO:<eva@example.com>' },
  { from: { name: 'Shop\r\nBcc: eva@example.com', address: 'hello@shop.example' } },
  { headers: { 'X-A': '1\r\nBcc: eva@example.com' } },
  { messageId: '<1@shop.example>\nBcc: eva@example.com' },
])('a line end in a header reaches no server: %o', async (values) => {
  const server = await smtpServer()
  const transport = transportTo({ host: '127.0.0.1', port: server.port })
  await expect(send(transport, values)).rejects.toMatchObject({ code: 'mail.refused' })
  expect(server.connections()).toBe(0)
})

test('a name full of syntax stays a name', async () => {
  const server = await smtpServer()
  const from = { name: 'Eva" <eva@example.com>, "x', address: 'hello@shop.example' }
  await send(transportTo({ host: '127.0.0.1', port: server.port }), { from })
  expect(server.received[0]!.mail.from).toEqual(from)
})

test.each<[SmtpOptions, RegExp]>([
  [{}, /either url or host/],
  [{ url: 'smtp://a.example', host: 'b.example' }, /either url or host/],
  [{ url: 'https://mail.example.com' }, /is not like smtps:/],
  [{ host: 'mail.example.com', port: 0 }, /port/],
  [{ host: 'mail.example.com', tls: 'none', auth: { user: 'a', password: 'b' } }, /in the clear/],
  [{ host: 'mail.example.com', pool: true } as never, /pool/],
])('wrong options %o are refused when they are given', (options, problem) => {
  expect(() => smtp(options)).toThrow(problem)
})

test('the password in an address is in no error and no name', () => {
  const transport = smtp({ url: 'smtps://shop:s3cret@mail.example.com' })
  expect(transport.id).toBe('smtp mail.example.com:465')
  expect(() => smtp({ url: 'smtps://shop:s3cret@mail.example.com/?x=1' })).toThrow(/^((?!s3cret).)*$/s)
})

eachStorage((storage) => {
  test('greylisting: a mail that is deferred arrives later, once, under the same Message-ID', async () => {
    const server = await smtpServer()
    server.answerWith(451, 451)
    const transport = smtp({ host: '127.0.0.1', port: server.port, from: 'Shop <hello@shop.example>' })
    const shop = await createTestClientele({ storage, plugins: [], mail: { transport } })
    const { to, purpose, subject, text } = mail
    const messageId = await shop
      .as()
      .tx((t) => t.get(Mailer).send(t, { to, purpose, subject, text, fromName: 'Tenant' }))
    for (let i = 0; i < 3; i++) {
      await shop.drain()
      shop.clock.advance('1m')
    }
    expect(server.received.map((got) => got.mail.messageId)).toEqual([messageId])
    expect(server.received[0]!.mail.from).toEqual({ name: 'Tenant', address: 'hello@shop.example' })
  })
})
