import { createServer, type Server } from 'node:http'
import { Setups } from '@clientele/plugin-auth'
import { DEFAULT_DATABASE, openDatabase } from './database.ts'
import { fillOnFirstRun } from './first-run.ts'
import { runCommand } from './run-command.ts'
import { createShop, type Shop } from './shop.ts'
import { UsageError } from './usage-error.ts'
import { createApp } from './web.ts'

await runCommand(async (signal) => {
  const port = readPort(process.env['PORT'] || '3000')
  const { storage, keys } = openDatabase(process.env['DATABASE_URL'] || DEFAULT_DATABASE)
  const { shop, token } = createShop(storage, { keys, baseUrl: `http://localhost:${port}` })
  // Before the first run's import: a taken port is told at once.
  const server = await listen(createServer(createApp(shop)), port)
  try {
    await shop.start()
    await fillOnFirstRun(shop, storage, signal)
    process.stdout.write(await greeting(shop, (server.address() as { port: number }).port, token))
    await aborted(signal)
  } finally {
    server.close()
    server.closeIdleConnections()
    await shop.stop()
    server.closeAllConnections()
  }
})

function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`Cannot listen on PORT=${text}: a port is a number from 0 to 65535`)
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'it is taken' : error.message
      reject(
        new UsageError(`Cannot listen on port ${port}: ${reason}; choose another: PORT=3001 npm start`, {
          cause: error,
        }),
      )
    })
    server.listen(port, () => resolve(server))
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function greeting(shop: Shop, port: number, token: string): Promise<string> {
  const url = `http://localhost:${port}`
  const { api } = shop.as()
  const customers = await api.customers.list({ query: { limit: 1, count: 'exact' } })
  const segments = await api.segments.list({ query: { sort: 'name', limit: 3 } })
  const counted = segments.items.map(
    ({ name, memberCount }) =>
      `  segment   ${name}: ${memberCount ?? 'not counted'} of ${customers.total} customers`,
  )
  return `
The shop is running.

  admin     ${url}/admin
  API       ${url}/api/v1
  docs      ${url}/docs
  OpenAPI   ${url}/openapi.json
  token     ${token}   (development only, from this machine)
${counted.join('\n')}

Try

  curl -H 'Authorization: Bearer ${token}' '${url}/api/v1/customers?sort=-metrics.totalSpend&limit=3'
${await setup(shop, url)}
`
}

/** How the first account comes to be, as long as there is none. Mails are printed here. */
async function setup(shop: Shop, url: string): Promise<string> {
  const { ctx } = shop.as()
  if (await ctx.get(Setups).isDone(ctx)) return ''
  return `
Make yourself its operator

  ${url}/admin/set-up#token=${ctx.get(Setups).token(ctx)}
`
}
