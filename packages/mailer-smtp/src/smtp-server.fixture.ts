import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A message as the server took it. */
export interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | null
  readonly secure: boolean
  readonly raw: string
  readonly mail: Email
}

/** A real SMTP server on a port of its own, which keeps what it takes. */
export interface TestServer {
  readonly port: number
  readonly received: readonly Received[]
  /** Connections that were made. */
  connections(): number
  /** Replies to the next messages, one each: a number refuses with it at the end of DATA. */
  answerWith(...codes: readonly number[]): void
}

/** @param options.recipients codes by recipient, for RCPT TO */
export async function smtpServer({
  recipients = {},
  ...options
}: SMTPServerOptions & { readonly recipients?: Readonly<Record<string, number>> } = {}): Promise<TestServer> {
  const received: Received[] = []
  const answers: number[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: options.key === undefined,
    onConnect(_, done) {
      connections++
      done()
    },
    onAuth({ username, password }, _, done) {
      if (password === 'right') done(null, { user: username })
      else done(reply(535, '5.7.8 Username and Password not accepted'))
    },
    onRcptTo({ address }, _, done) {
      const code = recipients[address]
      done(code ? reply(code, `5.1.1 <${address}> does not want it`) : null)
    },
    onData(stream, session, done) {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        const code = answers.shift()
        if (code) return done(reply(code, 'Not now, not this'))
        const raw = Buffer.concat(chunks).toString('utf8')
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: session.user ?? null,
          secure: session.secure,
          raw,
          mail: await PostalMime.parse(raw),
        })
        done()
      })()
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    answerWith: (...codes) => void answers.push(...codes),
  }
}

/** A key and a certificate for localhost that nobody vouches for but itself. They open nothing. */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHur/G91iRWBXMDqZ
xH+OJmHNckb1QP20tNFiapf628ehRANCAARbFNiedEIvrELW4UUtensLBwV0qhcI
9UfJoP35AxhLNP8REAwFgBjpEcwXHTKRVzpwCS0Y08uUDLigxzVeAyQB
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUTKSep3+FkXux6xWHa144YQ5/uBswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE2MTg0M1oYDzIxMjYxMDI4
MTYxODQzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARbFNiedEIvrELW4UUtensLBwV0qhcI9UfJoP35AxhLNP8REAwFgBjp
EcwXHTKRVzpwCS0Y08uUDLigxzVeAyQBo28wbTAdBgNVHQ4EFgQUuGCOhRV85BZK
Z0FtRaTih9Vnt0owHwYDVR0jBBgwFoAUuGCOhRV85BZKZ0FtRaTih9Vnt0owDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgU5CmY0Qhq4kKBpevSqZMFIXQHKyVj6aTlqNv5T/pz6sCIQCN
KvmR58423kh4FWr4IzPAMkoq8o21e9UOz4FDo2M0UQ==
-----END CERTIFICATE-----`,
} as const

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
