/** Clientele taking events over HTTP. Started as a process of its own: `sqlite FILE` or `postgres URL`. */
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger } from '@clientele/core'
import { customers, Sources } from '@clientele/plugin-customers'
import express from 'express'
import type { AddressInfo } from 'node:net'

const [database, where] = process.argv.slice(2) as [string, string]
const cdp = createClientele({
  storage: database === 'sqlite' ? sqlite(where) : postgres(where),
  plugins: [customers()],
  keys: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
  logger: silentLogger(),
})
await cdp.start()
const { writeKey } = await cdp.as().tx((t) => t.get(Sources).create(t, { name: `bench ${Date.now()}` }))
const server = express()
  .use(cdp.router())
  .listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port, writeKey }))
process.on('disconnect', () => process.exit(0))
