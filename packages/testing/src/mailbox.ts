import type { MailTransport, OutgoingMail } from '@clientele/core'

/** A transport that keeps the mails it takes. */
export interface Mailbox extends MailTransport {
  /** Everything taken, the oldest first. */
  readonly mails: readonly OutgoingMail[]
  /** The newest mail to this address. @throws when there is none */
  last(to: string): OutgoingMail
  /** The next mails fail with this, one each, before any is taken. */
  failWith(...errors: readonly Error[]): void
  clear(): void
}

/**
 * Where mails of a test end.
 *
 * @example
 * const mails = mailbox()
 * const t = await createTestClientele({ plugins: [auth()], mail: { transport: mails, baseUrl: 'https://shop.example' } })
 * await t.drain()
 * mails.last('ana@example.com').text
 */
export function mailbox(): Mailbox {
  const mails: OutgoingMail[] = []
  const failures: Error[] = []
  return {
    id: 'mailbox',
    from: 'Shop <hello@shop.example>',
    mails,
    async send(mail) {
      const failure = failures.shift()
      if (failure) throw failure
      mails.push(mail)
    },
    last(to) {
      const found = mails.findLast((mail) => mail.to === to)
      if (!found) throw new Error(`No mail to ${to}; there are ${mails.map((mail) => mail.to).join(', ')}`)
      return found
    },
    failWith: (...errors) => void failures.push(...errors),
    clear: () => void mails.splice(0),
  }
}
