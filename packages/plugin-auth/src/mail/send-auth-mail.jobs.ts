import {
  defineJob,
  fromTimestamp,
  handleJob,
  Keys,
  Mailer,
  toTimestamp,
  type JobHandler,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { AuthConfigured } from '../auth.config.ts'
import { CODE_SECONDS } from '../code/code.service.ts'
import { LOCALES, type Locale } from '../user/user.entity.ts'
import { compose } from './compose.ts'
import { mailKinds } from './words.ts'

const authMail = z.object({
  kind: z.enum(mailKinds),
  to: z.string(),
  locale: z.enum(LOCALES),
  code: z.string().optional(),
  email: z.string().optional(),
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
  const { kind, to, locale, code, email, writtenAt } = authMail.parse(
    JSON.parse(ctx.get(Keys).open(ctx, PURPOSE, sealed)),
  )
  if (kind === 'nothing') return
  const { appName: app } = ctx.get(AuthConfigured)
  const mail = compose(kind, locale, { app, ...(code ? { code } : {}), ...(email ? { email } : {}) })
  const expiresAt = toTimestamp(fromTimestamp(writtenAt) + CODE_SECONDS * 1000)
  await ctx.tx((t) =>
    t.get(Mailer).send(t, { to, purpose: `auth.${kind}`, ...mail, ...(code ? { expiresAt } : {}) }),
  )
})

/** Adds the job. */
export async function mailLater(
  t: Tx,
  mail: Omit<AuthMail, 'writtenAt' | 'locale'> & { readonly locale: Locale },
): Promise<void> {
  const sealed = t.get(Keys).seal(t, PURPOSE, JSON.stringify({ ...mail, writtenAt: t.now() }))
  await t.enqueue(SendAuthMail, { sealed })
}
