import * as z from 'zod'
import { isClienteleError, type ClienteleError } from '../errors/clientele-error.ts'
import { defineJob, handleJob, type JobCtx } from '../job/job.ts'
import { isProduction } from '../kernel/is-production.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import { Keys } from '../keys/keys.ts'
import { thrownText } from '../ports/loggable.ts'
import { parseSender } from './mail-address.ts'
import type { MailTransport, OutgoingMail } from './mail-transport.ts'
import { mailErrors } from './mail.errors.ts'
import type { Mail } from './mailer.ts'
import { masked } from './masked.ts'

/** What the mail in a job is sealed for. */
export const MAIL_PURPOSE = 'core.mail'

/** What stands, encrypted, in the job. */
export interface SealedMail extends Mail {
  readonly messageId: string
  readonly date: string
}

/**
 * Hands a mail over. The tries spread over some four hours: a server that defers unknown senders takes it within the
 * first minutes, one that is down comes back meanwhile.
 */
export const SendMail = defineJob('core.sendMail', z.object({ purpose: z.string(), sealed: z.string() }), {
  attempts: 12,
  backoffMs: 5000,
  isFinal: isRefused,
})

export const sendMail = handleJob(SendMail, async ({ purpose, sealed }, ctx) => {
  const mail = JSON.parse(ctx.get(Keys).open(ctx, MAIL_PURPOSE, sealed)) as SealedMail
  const { messageId, expiresAt } = mail
  if (expiresAt && expiresAt <= ctx.now()) {
    ctx.log.warn({ purpose, messageId, expiresAt }, 'mail not sent: it is over')
    return
  }
  const { transport, from } = runtimeOf(ctx).mail
  const sender = parseSender(from ?? transport?.from ?? '')
  if (!transport || !sender) return withoutTransport(ctx, mail)
  await handOver(ctx, transport, {
    messageId,
    date: mail.date,
    tenantId: ctx.tenantId,
    purpose,
    from: { name: mail.fromName ?? sender.name, address: sender.address },
    replyTo: mail.replyTo ?? null,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html ?? null,
    headers: mail.headers ?? {},
  })
})

async function handOver(ctx: JobCtx, transport: MailTransport, mail: OutgoingMail): Promise<void> {
  const { purpose, messageId } = mail
  try {
    await transport.send(mail, { signal: ctx.signal })
  } catch (error) {
    // Made anew: servers repeat the address, sometimes what was sent, and this stands in the job and in the log.
    const said = isOfTransport(error) ? String(error.params['reason']) : thrownText(error)
    const reason = masked(said.replaceAll(mail.to, '<the recipient>'))
    const code = isRefused(error) ? 'mail.refused' : 'mail.not_taken'
    throw mailErrors[code]({ purpose, transport: transport.id, reason })
  }
  ctx.log.info({ purpose, messageId, transport: transport.id }, 'mail handed over')
}

function isRefused(error: unknown): error is ClienteleError {
  return isClienteleError(error) && error.code === 'mail.refused'
}

/** A transport says itself what happened; anything else is what broke inside it. */
function isOfTransport(error: unknown): error is ClienteleError {
  return isRefused(error) || (isClienteleError(error) && error.code === 'mail.not_taken')
}

function withoutTransport(ctx: JobCtx, mail: SealedMail): void {
  const { purpose, to, subject, text, messageId } = mail
  if (isProduction()) throw mailErrors['mail.no_transport']({ purpose })
  if (runtimeOf(ctx).mail.console) {
    ctx.log.info({ purpose, to, subject, text, messageId }, 'mail, which goes no further: no transport')
    return
  }
  ctx.log.info(
    { purpose, subject: masked(subject), text: masked(text), messageId },
    'mail, which goes no further: no transport; set mail.console to see it whole',
  )
}
