/** The same three endpoints as Clientele derives them from the entity. Started as a process of its own. */
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Authenticator } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import express from 'express'
import type { AddressInfo } from 'node:net'

const [file] = process.argv.slice(2)
const everybody: Authenticator = {
  name: 'bench',
  scheme: { type: 'http', scheme: 'bearer' },
  authenticate: ({ headers }) =>
    headers['authorization'] === 'Bearer bench'
      ? { actor: { kind: 'key', id: 'bench', permissions: new Set(['*']) }, tenants: ['default'] }
      : null,
}
const cdp = createClientele({
  storage: sqlite(file!),
  plugins: [customers()],
  authenticators: [everybody],
  logger: silentLogger(),
})
await cdp.start()
const server = express()
  .use(cdp.router())
  .listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
