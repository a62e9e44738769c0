import type { Tx, Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { Timestamp } from '../ports/clock.ts'

/** A mail to one person. */
export interface Mail {
  /** One address, without a name: `ana@example.com`. */
  readonly to: string
  /** What the mail is for, `auth.verify`: shown with its job and in logs, never to whoever reads it. */
  readonly purpose: string
  readonly subject: string
  readonly text: string
  /** The same as HTML. @default none: a mail of text only */
  readonly html?: string
  /** The name before the sender's address, such as the tenant's brand. @default that of `mail.from` */
  readonly fromName?: string
  /** One address. @default the sender's */
  readonly replyTo?: string
  /** Further headers. Those of the envelope and of the body (`To`, `Subject`, `Content-*`) are refused. */
  readonly headers?: Readonly<Record<string, string>>
  /** Not handed over after this instant: a code that is over helps nobody. @default never too late */
  readonly expiresAt?: Timestamp
}

/**
 * Mails, by way of the host's {@link MailTransport}.
 *
 * `send` is a job of the caller's transaction: there is a mail exactly if that commits. It is handed over at least once,
 * with the same `Message-ID` and `Date` every time; only a process that dies, or a connection that breaks while the server
 * answers, makes it twice. What the mail says is encrypted until then, so that no code and no link of it stands in the
 * database, in a backup or in the list of jobs.
 *
 * @example
 * await t.get(Mailer).send(t, { to: user.email, purpose: 'auth.verify', subject, text, expiresAt })
 */
export interface Mailer {
  /**
   * Answers the mail's `Message-ID`.
   * @throws `mail.invalid` for an address, a subject or a header that could not stand in a mail
   */
  send(t: Tx, mail: Mail): Promise<string>
  /** Where the host is reached, `mail.baseUrl`; null when it does not say. */
  baseUrl(ctx: Ctx): string | null
  /**
   * The address of a page for a link in a mail: `path` under `mail.baseUrl`, never under a host that a request named.
   * @throws `mail.no_base_url`
   */
  link(ctx: Ctx, path: string): string
}

export const Mailer = defineService<Mailer>('core.mailer')
