import { createTestClientele, eachStorage, mailbox } from '@clientele/testing'
import { expect, test, vi } from 'vitest'
import type { Ctx } from '../context/context.ts'
import type { RowOf } from '../entity/entity.ts'
import { JobEntity } from '../job/job.entity.ts'
import type { Logger } from '../ports/logger.ts'
import { toTimestamp } from '../ports/clock.ts'
import { isMailAddress, parseSender } from './mail-address.ts'
import { mailErrors } from './mail.errors.ts'
import { mailProblems } from './mail.options.ts'
import { Mailer, type Mail } from './mailer.ts'
import { masked } from './masked.ts'

const mail: Mail = {
  to: 'ana@example.com',
  purpose: 'shop.code',
  subject: '246810 is your code',
  text: 'Your code is 246810.',
  html: '<p>Your code is <b>246810</b>.</p>',
  headers: { 'X-Shop': 'one' },
}

function allJobs(ctx: Ctx): Promise<readonly RowOf<typeof JobEntity>[]> {
  return ctx
    .repo(JobEntity)
    .list({ filters: [], sort: [], limit: 10 })
    .then(({ items }) => items)
}

eachStorage((storage) => {
  const open = (transport = mailbox()) =>
    createTestClientele({ storage, plugins: [], mail: { transport, baseUrl: 'https://shop.example/app/' } })
  type Shop = Awaited<ReturnType<typeof open>>
  const jobsOf = (shop: Shop) => allJobs(shop.as().ctx)
  const send = (shop: Shop, values: Partial<Mail> = {}) =>
    shop.as().tx((t) => t.get(Mailer).send(t, { ...mail, ...values }))

  test('a mail leaves exactly if its transaction commits', async () => {
    const mails = mailbox()
    const shop = await open(mails)
    const undone = shop.as().tx(async (t) => {
      await t.get(Mailer).send(t, mail)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    const messageId = await send(shop)
    await shop.drain()
    expect(mails.mails).toEqual([
      {
        messageId,
        date: toTimestamp(shop.clock.now()),
        tenantId: 'default',
        purpose: 'shop.code',
        from: { name: 'Shop', address: 'hello@shop.example' },
        replyTo: null,
        to: 'ana@example.com',
        subject: '246810 is your code',
        text: 'Your code is 246810.',
        html: '<p>Your code is <b>246810</b>.</p>',
        headers: { 'X-Shop': 'one' },
      },
    ])
    expect(messageId).toMatch(/^<[\w-]+@shop\.example>$/)
  })

  test('a mail that was not taken comes again, as the same mail', async () => {
    const mails = mailbox()
    const shop = await open(mails)
    mails.failWith(new Error('connection lost'))
    const messageId = await send(shop)
    const date = toTimestamp(shop.clock.now())
    await shop.drain()
    expect(mails.mails).toEqual([])
    shop.clock.advance(10_000)
    await shop.drain()
    expect(mails.mails).toMatchObject([{ messageId, date }])
  })

  test('a mail that is refused for good is dead at once, and can be retried when its cause is mended', async () => {
    const mails = mailbox()
    const shop = await open(mails)
    mails.failWith(
      mailErrors['mail.refused']({
        purpose: '',
        transport: '',
        reason: '550 <ana@example.com> unknown, said 246810',
      }),
    )
    await send(shop)
    await shop.drain()
    const [job] = await jobsOf(shop)
    expect(job).toMatchObject({ state: 'dead', attempt: 1 })
    expect(job!.lastError).toContain(
      'over to mailbox: 550 <<the recipient>> unknown, said ••••; no further try',
    )
    await shop.as().api.core.retryJob({ params: { id: job!.id } })
    await shop.drain()
    expect(mails.mails).toHaveLength(1)
  })

  test('neither code nor address of a mail that waits stands in the database', async () => {
    const shop = await open()
    await send(shop)
    const stored = JSON.stringify(await jobsOf(shop))
    expect(stored).toContain('shop.code')
    expect(stored).not.toMatch(/246810|ana@example/)
  })

  test('a mail that is over is not sent', async () => {
    const mails = mailbox()
    const shop = await open(mails)
    await send(shop, { expiresAt: toTimestamp(shop.clock.now() + 60_000) })
    shop.clock.advance(60_000)
    await shop.drain()
    expect([mails.mails, await jobsOf(shop)]).toEqual([[], []])
  })

  test('a link begins with the address that the host gave', async () => {
    const shop = await open()
    const { ctx } = shop.as()
    expect(ctx.get(Mailer).link(ctx, '/join?token=1')).toBe('https://shop.example/app/join?token=1')
  })
})

test.each<[string, Partial<Mail>]>([
  ['to', { to: 'ana@example.com, eva@example.com' }],
  ['to', { to: 'ana@example.com\r\nBcc: eva@example.com' }],
  ['to', { to: 'Ana <ana@example.com>' }],
  ['replyTo', { replyTo: '' }],
  ['subject', { subject: 'Hello\r\nBcc: eva@example.com' }],
  ['fromName', { fromName: 'Shop\nX: 1' }],
  ['header "Bcc"', { headers: { Bcc: 'eva@example.com' } }],
  ['header "Content-Type"', { headers: { 'Content-Type': 'text/html' } }],
  ['header "X:Y"', { headers: { 'X:Y': '1' } }],
  ['header "X-A"', { headers: { 'X-A': '1\r\nBcc: eva@example.com' } }],
])('a mail whose %s would say more than it should is refused: %o', async (field, values) => {
  const shop = await createTestClientele({ plugins: [], mail: { transport: mailbox() } })
  const sent = shop.as().tx((t) => t.get(Mailer).send(t, { ...mail, ...values }))
  await expect(sent).rejects.toMatchObject({ code: 'mail.invalid', params: { field } })
})

/** What is logged of one mail without a transport. */
async function loggedWithout(console: boolean): Promise<string> {
  const lines: string[] = []
  const line = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }))
  const logger: Logger = { debug: line, info: line, warn: line, error: line, child: () => logger }
  const shop = await createTestClientele({ plugins: [], logger, mail: { console } })
  const link = 'https://shop.example/join?token=hV2b0d8Jxk3mQ9wZr5tYpA7c'
  await shop.as().tx((t) => t.get(Mailer).send(t, { ...mail, text: `${mail.text} ${link}` }))
  await shop.drain()
  return lines.join('\n')
}

test('without a transport a mail is logged, codes and tokens masked', async () => {
  const log = await loggedWithout(false)
  expect(log).toContain('Your code is ••••. https://shop.example/join?token=••••')
  expect(log).not.toMatch(/246810|hV2b0d8J|ana@/)
})

test('with mail.console it is logged as it is', async () => {
  expect(await loggedWithout(true)).toMatch(/ana@example\.com.*Your code is 246810/)
})

test('in production a mail without a transport waits as a job that names the way out', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const shop = await createTestClientele({ plugins: [] })
  await shop.as().tx((t) => t.get(Mailer).send(t, mail))
  await shop.drain()
  const [job] = await allJobs(shop.as().ctx)
  expect(job!.lastError).toContain('set mail.transport')
  vi.unstubAllEnvs()
})

test('wrong options of mails are named with what they may be', () => {
  const transport = { id: 'x', send: async () => {} }
  expect(mailProblems({ transport, baseUrl: 'shop.example' })).toEqual([
    `mail.from is missing; name the sender, such as 'Shop <hello@shop.example>'`,
    `mail.baseUrl "shop.example" must be an http(s) address without query and fragment, such as 'https://shop.example'`,
  ])
  expect(mailProblems({ transport, from: 'Shop', baseUrl: 'https://shop.example' })).toHaveLength(1)
})

test('addresses and senders are read, and nothing that holds more than one', () => {
  expect(parseSender('Shop <hello@shop.example>')).toEqual({ name: 'Shop', address: 'hello@shop.example' })
  expect(parseSender('"The Shop" <hello@shop.example>')?.name).toBe('The Shop')
  expect(parseSender('hello@shop.example')).toEqual({ name: '', address: 'hello@shop.example' })
  expect(parseSender('a@b.example <c@d.example> <e@f.example>')).toBeNull()
  expect(isMailAddress('ünal@müller.example')).toBe(true)
  for (const bad of [
    '',
    'ana',
    'a b@c',
    '"a"@c',
    'a@b@c',
    '<a@b>',
    'a@b,c@d',
    'a\u0000@b',
    `${'a'.repeat(251)}@b.c`,
  ])
    expect(isMailAddress(bad), bad).toBe(false)
})

test('what may be a code, a token or an address is masked', () => {
  expect(masked('Code 123 456, call 4.7.1 for a@b.c, id abcdefghijklmnopqrstu')).toBe(
    'Code ••••, call 4.7.1 for •••@•••, id ••••',
  )
})
