import { isMailAddress } from './mail-address.ts'
import { mailErrors } from './mail.errors.ts'
import type { Mail } from './mailer.ts'

/** Headers that the envelope and the body decide. */
const RESERVED =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|return-path|received|dkim-signature|content-.*|resent-.*)$/i

/** Of text and HTML together. */
const LONGEST_BODY = 2_000_000

/** @throws `mail.invalid` naming the field; nothing that ends a line reaches a header */
export function checkMail(mail: Mail): void {
  const refuse = (field: string, reason: string): never => {
    throw mailErrors['mail.invalid']({ field, purpose: mail.purpose, reason })
  }
  if (!isMailAddress(mail.to)) refuse('to', 'is not one mail address, such as ana@example.com')
  if (mail.replyTo !== undefined && !isMailAddress(mail.replyTo)) {
    refuse('replyTo', 'is not one mail address, such as ana@example.com')
  }
  for (const field of ['subject', 'fromName'] as const) {
    if (endsLine(mail[field] ?? '')) refuse(field, 'holds a line end or a control character')
  }
  if (mail.subject.length > 900) refuse('subject', 'is longer than 900 characters')
  if (mail.text.length + (mail.html?.length ?? 0) > LONGEST_BODY) {
    refuse('text', `is longer than ${LONGEST_BODY} characters together with its HTML`)
  }
  for (const [name, value] of Object.entries(mail.headers ?? {})) {
    const field = `header ${JSON.stringify(name.slice(0, 80))}`
    if (!/^[!-9;-~]{1,76}$/.test(name)) refuse(field, 'is not the name of a header')
    if (RESERVED.test(name)) refuse(field, 'is set by the mail itself')
    if (endsLine(value)) refuse(field, 'holds a line end or a control character')
    if (value.length > 900) refuse(field, 'is longer than 900 characters')
  }
}

function endsLine(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text)
}
