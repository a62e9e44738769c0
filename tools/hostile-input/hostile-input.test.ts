import { expect, test } from 'vitest'
import { operationsOf } from '../isolation/operations.ts'
import { readRows } from '../isolation/rows.ts'
import { dumpRows, openShop, type Shop } from '../isolation/shop.ts'
import { fillTenant, type Tenant } from '../isolation/tenants.ts'
import { hostileBodies, hostileQueries, type HostileCall } from './hostile-calls.ts'

const TENANT: Tenant = 'tenant-a'

test('every route refuses what is wrong by name, changes nothing, and alike on both databases', async () => {
  const [onSqlite, onPostgres] = [await filledShop('sqlite'), await filledShop('postgres')]
  const rows = await readRows(onSqlite)
  // What clients of the Segment specification send is taken event by event: `ingest.routes.test.ts` is hostile to that.
  const operations = operationsOf(onSqlite).filter(({ path }) => path.startsWith('/api/v1/'))
  const calls = operations.flatMap((operation) => [
    ...hostileBodies(operation, TENANT, rows),
    ...hostileQueries(operation, TENANT, rows),
  ])
  console.log(`hostile input: ${calls.length} requests`)
  const before = [await dumpRows(onSqlite, { of: TENANT }), await dumpRows(onPostgres, { of: TENANT })]
  const wrong: string[] = []
  for (const call of calls) {
    const [answer, other] = [await answerOf(onSqlite, call), await answerOf(onPostgres, call)]
    const name = `${call.method} ${call.path.slice(0, 200)} ${JSON.stringify(call.body)?.slice(0, 300)}`
    wrong.push(...flawsOf(call, answer).map((flaw) => `${name}: ${flaw}: ${answer.text.slice(0, 300)}`))
    if (answer.text !== other.text) wrong.push(`${name}: SQLite ${answer.text}, PostgreSQL ${other.text}`)
  }
  expect(wrong).toEqual([])
  expect(await dumpRows(onSqlite, { of: TENANT })).toBe(before[0])
  expect(await dumpRows(onPostgres, { of: TENANT })).toBe(before[1])
}, 120_000)

async function filledShop(storage: Parameters<typeof openShop>[0]): Promise<Shop> {
  const shop = await openShop(storage)
  await fillTenant(shop, TENANT)
  return shop
}

interface Refusal {
  readonly status: number
  readonly type: string | null
  readonly text: string
}

async function answerOf(shop: Shop, { method, path, body, headers = {} }: HostileCall): Promise<Refusal> {
  shop.ids.use(`hostile ${method} ${path}`)
  const answer = await shop.test.fetch(path, {
    method,
    headers,
    as: { tenants: [TENANT] },
    ...(body === undefined ? {} : { body }),
  })
  return { status: answer.status, type: answer.headers.get('content-type'), text: answer.text }
}

function flawsOf({ field }: HostileCall, { status, type, text }: Refusal): readonly string[] {
  const named = field === undefined || text.includes(JSON.stringify(field).slice(1, -1))
  return [
    ...(status >= 400 && status < 500 ? [] : [`answered ${status}`]),
    ...(type?.startsWith('application/problem+json') ? [] : [`its type is ${type}`]),
    ...(named ? [] : [`does not name ${field}`]),
    ...(/node_modules|\.ts:\d+|\n {4}at /.test(text) ? ['shows a stack'] : []),
  ]
}
