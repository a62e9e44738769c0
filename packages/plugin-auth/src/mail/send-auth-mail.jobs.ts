import {
  defineJob,
  fromTimestamp,
  handleJob,
  Keys,
  toTimestamp,
  type JobHandler,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { brandFor, brandOf } from '../brand/brand.ts'
import { CODE_SECONDS } from '../code/code.service.ts'
import { deviceInWords } from '../device/device-name.ts'
import { wantsDeviceMail } from '../device/wants-mail.ts'
import { LOCALES, type Locale } from '../user/user.entity.ts'
import { asRead } from './compose.ts'
import { pageUrl } from './pages.ts'
import { mailKinds, type MailKind } from './words.ts'
import { writeMail } from './write-mail.ts'

const authMail = z.object({
  kind: z.enum(mailKinds),
  to: z.string(),
  locale: z.enum(LOCALES),
  code: z.string().optional(),
  email: z.string().optional(),
  until: z.string().optional(),
  device: z.object({ ip: z.string(), userAgent: z.string() }).optional(),
  writtenAt: z.string(),
})
type AuthMail = z.infer<typeof authMail>

/** Its input is sealed: a code in a list of jobs, or in a backup, would let somebody in. */
const SendAuthMail = defineJob('auth.mail', z.object({ sealed: z.string() }))

const PURPOSE = 'auth.mail'

/**
 * Writes a mail and hands it on. Requests that must not be told from each other (is there an account?) all add this
 * job; some of them with `nothing`.
 */
export const sendAuthMail: JobHandler = handleJob(SendAuthMail, async ({ sealed }, ctx) => {
  const mail = authMail.parse(JSON.parse(ctx.get(Keys).open(ctx, PURPOSE, sealed)))
  const { kind, to, locale, code, email, until, device, writtenAt } = mail
  if (kind === 'nothing') return
  if (kind === 'new-device' && !(await wantsDeviceMail(ctx, to))) return
  const expiresAt = until ?? (code && toTimestamp(fromTimestamp(writtenAt) + CODE_SECONDS * 1000))
  const page = LINKS[kind]
  const link = page && pageUrl(ctx, page)
  // Operators are the installation's, not a tenant's.
  const brand = kind.startsWith('operator-') ? await brandOf(ctx) : await brandFor(ctx, to)
  await ctx.tx((t) =>
    writeMail(
      t,
      { kind, to, locale, brand, ...(expiresAt ? { expiresAt } : {}) },
      {
        ...{ code, email, link },
        ...(until ? { until: asRead(until) } : {}),
        ...(device
          ? { device: deviceInWords(device.userAgent, locale), ip: device.ip, when: asRead(writtenAt) }
          : {}),
      },
    ),
  )
})

/** Where a mail without a code leads. */
const LINKS: Readonly<Partial<Record<MailKind, 'signIn' | 'forgotPassword'>>> = {
  registered: 'signIn',
  'password-changed': 'forgotPassword',
  'operator-added': 'forgotPassword',
  'operator-invited': 'forgotPassword',
  'new-device': 'forgotPassword',
  'new-device-mails-off': 'forgotPassword',
}

/** Adds the job. */
export async function mailLater(
  t: Tx,
  mail: Omit<AuthMail, 'writtenAt' | 'locale'> & { readonly locale: Locale },
): Promise<void> {
  const sealed = t.get(Keys).seal(t, PURPOSE, JSON.stringify({ ...mail, writtenAt: t.now() }))
  await t.enqueue(SendAuthMail, { sealed })
}
