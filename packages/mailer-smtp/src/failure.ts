import type { SmtpServer } from './smtp.options.ts'

/** What nodemailer says of a failure. */
interface SmtpFailure extends Error {
  readonly code?: string
  readonly command?: string
  /** The last line of the server. */
  readonly response?: string
  readonly responseCode?: number
}

/** Replies about this client rather than about this mail; whoever mends the configuration wants the mail to leave. */
const ABOUT_THE_CLIENT: ReadonlySet<number> = new Set([503, 530, 534, 535, 538])

/** How failed checks of a certificate are worded. */
const CERTIFICATE = /certificate|self.signed|altnames/i

/** Whether the server has refused this mail and would refuse it again (RFC 5321 §4.2.1). */
export function isPermanent(error: unknown): boolean {
  const { code, command = '', responseCode = 0 } = error as SmtpFailure
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false
  if (command === 'API') return true
  return responseCode >= 500 && responseCode < 600 && !ABOUT_THE_CLIENT.has(responseCode)
}

/** What went wrong, and for what the configuration may be to blame, the way out. Holds no password. */
export function reasonOf(error: unknown, { host, port, tls, auth }: SmtpServer): string {
  const { code, response, message } = error as SmtpFailure
  const place = `${host}:${port}`
  if (code === 'EAUTH') {
    const said = response ?? message
    return `the server does not take user ${JSON.stringify(auth?.user ?? '')} and the password (${said}); check auth`
  }
  if (code === 'ETLS' && tls === 'starttls' && !CERTIFICATE.test(message)) {
    return `${place} offers no usable STARTTLS (${response ?? message}); use tls 'always' on the port for TLS, mostly 465`
  }
  if (response) return response
  if (/wrong version number|packet length too long/i.test(message)) {
    return `${place} does not begin with TLS; use tls 'starttls', or the port for TLS, mostly 465`
  }
  if (CERTIFICATE.test(message)) {
    return `the certificate of ${place} is not trusted (${message}); name its authority in ca`
  }
  if (/ECONNREFUSED/.test(message)) return `nothing listens at ${place}; check host and port`
  if (code === 'EDNS' || /ENOTFOUND/.test(message)) return `the name ${host} is not known; check host`
  if (code === 'ETIMEDOUT') return `${place} did not answer in time (${message})`
  if (code === 'ECONNECTION') return `${place} broke the connection off (${message})`
  return message
}
