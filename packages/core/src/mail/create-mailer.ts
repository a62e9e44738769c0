import { runtimeOf } from '../kernel/runtime.ts'
import { Keys } from '../keys/keys.ts'
import { checkMail } from './check-mail.ts'
import { parseSender } from './mail-address.ts'
import { mailErrors } from './mail.errors.ts'
import type { Mailer } from './mailer.ts'
import { MAIL_PURPOSE, SendMail, type SealedMail } from './send-mail.jobs.ts'

/** The mailer of the core. */
export function createMailer(): Mailer {
  return {
    async send(t, mail) {
      checkMail(mail)
      const { from, transport } = runtimeOf(t).mail
      const sender = parseSender(from ?? transport?.from ?? '')
      const domain = sender?.address.split('@')[1] ?? 'clientele.invalid'
      const sealed: SealedMail = { ...mail, messageId: `<${t.newId()}@${domain}>`, date: t.now() }
      await t.enqueue(SendMail, {
        purpose: mail.purpose,
        sealed: t.get(Keys).seal(t, MAIL_PURPOSE, JSON.stringify(sealed)),
      })
      return sealed.messageId
    },
    baseUrl: (ctx) => runtimeOf(ctx).mail.baseUrl ?? null,
    link(ctx, path) {
      const { baseUrl } = runtimeOf(ctx).mail
      if (baseUrl === undefined) throw mailErrors['mail.no_base_url']({ path: path.replace(/[?#].*$/s, '') })
      return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
    },
  }
}
