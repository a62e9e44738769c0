import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A message as the server took it. */
export interface Received {
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: Email
}

/** A real SMTP server on a port of its own, which keeps what it takes. */
export async function postOffice(): Promise<{
  readonly port: number
  readonly received: readonly Received[]
}> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData(stream, { envelope }, done) {
      void (async () => {
        const raw = Buffer.concat(await stream.toArray()).toString('utf8')
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ to, raw, mail: await PostalMime.parse(raw) })
        done()
      })()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, received }
}
