import { Mailer, type Timestamp, type Tx } from '@clientele/core'
import { AuthConfigured } from '../auth.config.ts'
import type { Brand } from '../brand/brand.ts'
import type { Locale } from '../user/user.entity.ts'
import { compose, oneLine, type MailValues } from './compose.ts'
import type { MailKind } from './words.ts'

/** A mail of ours to one person. */
export interface AuthMail {
  readonly kind: MailKind
  readonly to: string
  readonly locale: Locale
  readonly brand: Brand
  /** Not handed over after this instant. @default never too late */
  readonly expiresAt?: Timestamp
}

/** Writes a mail and hands it on with the transaction: all mails of ours leave by this way. */
export async function writeMail(
  t: Tx,
  { kind, to, locale, brand, ...until }: AuthMail,
  values: Omit<MailValues, 'app'> = {},
): Promise<void> {
  const { appName: app } = t.get(AuthConfigured)
  const written = compose({ kind, locale, brand }, { app, ...values })
  const fromName = brand.name === app ? {} : { fromName: oneLine(brand.name) }
  await t.get(Mailer).send(t, { to, purpose: `auth.${kind}`, ...written, ...fromName, ...until })
}
