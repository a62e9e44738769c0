import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createApp } from './app.ts'
import { createCdp } from './clientele/clientele.ts'
import { openDatabase } from './host/open-database.ts'
import { createTables } from './host/schema.ts'
import { createSession } from './host/sessions.ts'
import { createUser, findUser, type NewUser, type User } from './host/users.ts'

const IN_THIS_FOLDER = fileURLToPath(new URL('../.data/shop.db', import.meta.url))
const ANA: NewUser = {
  email: 'ana@shop.example',
  password: 'tea',
  name: 'Ana',
  role: 'shopper',
  credit: 50_000,
}
const OLGA: NewUser = {
  email: 'olga@shop.example',
  password: 'kettle',
  name: 'Olga',
  role: 'staff',
  credit: 0,
}

const database = openDatabase(process.env['DATABASE_URL'] || `sqlite:${IN_THIS_FOLDER}`)
const cdp = createCdp(database, async (email, orderId) => {
  process.stdout.write(`receipt for order ${orderId} to ${email}\n`)
})
await cdp.start()
const { ana, olga } = await cdp.hostTransaction(async (connection) => {
  const sql = database.on(connection)
  await createTables(sql)
  const tokenOf = async (user: User) => createSession(sql, user)
  const userOf = async (user: NewUser) =>
    (await findUser(sql, user.email, user.password)) ?? createUser(sql, user)
  return { ana: await tokenOf(await userOf(ANA)), olga: await tokenOf(await userOf(OLGA)) }
})
const port = Number(process.env['PORT'] || 3000)
const server = await listen(createServer(createApp({ database, cdp })), port).catch(async (error: Error) => {
  const reason = 'code' in error && error.code === 'EADDRINUSE' ? 'it is taken' : error.message
  process.stderr.write(`Cannot listen on port ${port}: ${reason}; choose another: PORT=3001 npm start\n`)
  await cdp.stop()
  process.exit(1)
})
const url = `http://localhost:${(server.address() as AddressInfo).port}`

process.stdout.write(`
The shop is running on ${url}. Ana buys (again with "sku":"table": declined, and nothing is left behind),
staff sees her in Clientele, Ana may not:

curl -s ${url}/checkout -H 'Authorization: Bearer ${ana}' -H 'Content-Type: application/json' -d '{"sku":"teapot","quantity":2}'
curl -s ${url}/cdp/api/v1/customers -H 'Authorization: Bearer ${olga}'
curl -s ${url}/cdp/api/v1/orders -H 'Authorization: Bearer ${ana}'

`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

/** Requests first, then Clientele, then the database: it is the shop's, and Clientele leaves it open. */
async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await cdp.stop()
  await database.close()
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, () => resolve(server))
  })
}
