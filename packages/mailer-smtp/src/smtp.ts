import { coreErrors, mailErrors, type MailTransport, type OutgoingMail } from '@clientele/core'
import type { SMTPPoolOptions } from 'nodemailer'
import { isPermanent, reasonOf } from './failure.ts'
import { serverOf, smtpOptions, type SmtpOptions, type SmtpServer } from './smtp.options.ts'

interface Pool {
  sendMail(message: object): Promise<unknown>
  close(): void
}

/**
 * Hands mails to an SMTP server, over a few connections that are kept. Nothing is connected to before the first mail.
 *
 * A mail that the server refuses for good (5xx) fails with `mail.refused`; one that it defers (4xx), or a server that is
 * down, wrongly configured or does not take the password, is tried again by the job that carries the mail.
 *
 * @throws `config.invalid` naming every wrong option
 *
 * @example
 * mail: { transport: smtp({ url: process.env['SMTP_URL'], from: 'Shop <hello@shop.example>' }), baseUrl }
 */
export function smtp(options: SmtpOptions): MailTransport {
  const parsed = smtpOptions.safeParse(options)
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`),
    )
  }
  const server = serverOf(parsed.data)
  if (typeof server === 'string') throw invalid([server])
  const id = `smtp ${server.host}:${server.port}`
  let pool: Promise<Pool> | undefined
  return {
    id,
    ...(parsed.data.from === undefined ? {} : { from: parsed.data.from }),
    async send(mail, { signal }) {
      signal.throwIfAborted()
      const problem = unsafeField(mail)
      if (problem) throw refused(mail, id, `its ${problem} holds a line end or a control character`)
      pool ??= openPool(poolOptions(server, parsed.data))
      try {
        await (await pool).sendMail({ ...messageOf(mail), signal })
      } catch (error) {
        const reason = reasonOf(error, server)
        if (isPermanent(error)) throw refused(mail, id, reason, error)
        throw mailErrors['mail.not_taken']({ purpose: mail.purpose, transport: id, reason }, { cause: error })
      }
    },
    async close() {
      const open = pool
      pool = undefined
      ;(await open)?.close()
    },
  }
}

function poolOptions(
  { host, port, tls, auth }: SmtpServer,
  { ca, name, maxConnections, connectMs, answerMs }: ReturnType<typeof smtpOptions.parse>,
): SMTPPoolOptions & { pool: true } {
  return {
    pool: true,
    host,
    port,
    secure: tls === 'always',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    maxConnections,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    // The job that carries the mail tries again, and counts its tries.
    maxRequeues: 0,
    // A mail is text: what it says must never be read from a path or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(auth ? { auth: { user: auth.user, pass: auth.password } } : {}),
    ...(name === undefined ? {} : { name }),
  }
}

async function openPool(options: SMTPPoolOptions & { pool: true }): Promise<Pool> {
  const { createTransport } = await import('nodemailer')
  return createTransport(options)
}

function messageOf(mail: OutgoingMail): object {
  return {
    from: mail.from,
    to: { name: '', address: mail.to },
    ...(mail.replyTo === null ? {} : { replyTo: { name: '', address: mail.replyTo } }),
    envelope: { from: mail.from.address, to: [mail.to] },
    messageId: mail.messageId,
    date: new Date(mail.date),
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    headers: { ...mail.headers },
  }
}

/** The core lets no such mail through; a transport that is called by somebody else does not either. */
function unsafeField(mail: OutgoingMail): string | undefined {
  const fields: Readonly<Record<string, string>> = {
    messageId: mail.messageId,
    from: `${mail.from.name} ${mail.from.address}`,
    to: mail.to,
    replyTo: mail.replyTo ?? '',
    subject: mail.subject,
    headers: Object.entries(mail.headers).flat().join(' '),
  }
  return Object.keys(fields).find((field) => /[\p{Cc}\u2028\u2029]/u.test(fields[field]!))
}

function refused({ purpose }: OutgoingMail, transport: string, reason: string, cause?: unknown): Error {
  return mailErrors['mail.refused']({ purpose, transport, reason }, { cause })
}

function invalid(problems: readonly string[]): Error {
  return coreErrors['config.invalid']({ problems: problems.map((problem) => `smtp: ${problem}`) })
}
