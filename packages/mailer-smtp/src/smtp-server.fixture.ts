import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '@clientele/testing'
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

/** A key and a certificate for localhost that nobody vouches for but itself. */
export async function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await temporaryFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const rest = ['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', names]
  execFileSync('openssl', [...args, ...rest], { stdio: 'ignore' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
