/** The example shop's composition on a database that exists, started as a host would. A process of its own. */
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, devAccess, silentLogger } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import express from 'express'

const [file] = process.argv.slice(2)
const began = performance.now()
const platform = createClientele({
  storage: sqlite(file),
  plugins: [customers(), inventory(), orders(), segments()],
  authenticators: [devAccess()],
  logger: silentLogger(),
})
await platform.start()
const startMs = performance.now() - began
const server = express()
  .use(platform.router())
  .listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port, startMs }))
process.on('message', () => process.send?.({ rss: process.memoryUsage.rss() }))
process.on('disconnect', () => void platform.stop().finally(() => process.exit(0)))
