import type { Timestamp } from '../ports/clock.ts'

/** An address with the name before it, which may be empty. */
export interface MailAddress {
  readonly name: string
  readonly address: string
}

/** A mail as it leaves. The same on every try. */
export interface OutgoingMail {
  /** With its angle brackets. */
  readonly messageId: string
  /** When it was written. */
  readonly date: Timestamp
  readonly tenantId: string
  readonly purpose: string
  readonly from: MailAddress
  readonly replyTo: string | null
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** Takes mails to where they are delivered from: `smtp()` of `@clientele/mailer-smtp`, or the API of a provider. */
export interface MailTransport {
  /** For logs and errors: `smtp mail.example.com:587`. Without credentials. */
  readonly id: string
  /** The sender, `Shop <hello@shop.example>`, unless the host sets `mail.from`. */
  readonly from?: string
  /**
   * Resolves when the other side has taken the mail over for good.
   *
   * @throws `mail.refused` when no further try would help; anything else is tried again later
   */
  send(mail: OutgoingMail, options: { readonly signal: AbortSignal }): Promise<void>
  /** Called once, when the instance stops and no mail is under way. */
  close?(): void | Promise<void>
}
