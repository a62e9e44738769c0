import { answerTo, nameOf, type Answer, type Call } from './call.ts'
import { operationsOf, type JsonSchema } from './operations.ts'
import { readsOf } from './reads.ts'
import type { Rows } from './rows.ts'
import { dumpRows, type Shop } from './shop.ts'
import type { Tenant } from './tenants.ts'
import { takenIds, writesOf } from './writes.ts'

export interface Step {
  readonly name: string
  readonly call: Call
  readonly answer: Answer
  /** After it, or a call of the same route before it, rows of another tenant were others than before. */
  readonly touchedOthers: boolean
}

/** Looks at the rows of the others after every write, not after every route. */
const LONG = process.env['CLIENTELE_LONG'] === '1'

/**
 * Calls every route of the shop as one tenant in every way there is, and follows every page of every list.
 *
 * @param depth `plain`: of lists only the plain form
 */
export async function walk(
  shop: Shop,
  tenant: Tenant,
  rows: Rows,
  depth: 'full' | 'plain' = 'full',
): Promise<readonly Step[]> {
  const steps: Step[] = []
  let others = await dumpRows(shop, { notOf: tenant })
  let writes = 0
  const look = async (): Promise<void> => {
    const after = await dumpRows(shop, { notOf: tenant })
    const last = steps.pop()!
    steps.push({ ...last, touchedOthers: after !== others })
    others = after
  }
  const take = async (call: Call): Promise<Answer> => {
    const isRead = call.method === 'GET'
    // The same in a walk that reads less.
    const answer = await answerTo(shop, tenant, call, isRead ? 0 : ++writes)
    steps.push({ name: nameOf(tenant, call), call, answer, touchedOthers: false })
    if (LONG && !isRead) await look()
    // One job at a time: what several at once make would get its ids in no certain order.
    if (answer.status === 202) await shop.test.drain()
    return answer
  }
  const operations = operationsOf(shop)
  for (const [place, operation] of operations.entries()) {
    // Jobs of an erasure wait for another thread; what waits before it would get its ids in no certain order.
    if (operation.path.endsWith('/erase')) await shop.test.drain()
    if (operation.method !== 'GET') {
      for (const call of writesOf(operation, tenant, rows)) await take(call)
      await look()
      continue
    }
    for (const call of readsOf(operation, tenant, rows, depth)) {
      const { json } = await take(call)
      if (isSorted(call)) await follow(call, json, take)
    }
    if (operations[place + 1]?.method !== 'GET') await look()
  }
  for (const operation of operations) {
    for (const call of takenIds(operation, tenant, rows)) await take(call)
  }
  await shop.test.drain()
  await look()
  return steps
}

const isSorted = ({ path }: Call): boolean => path.includes('sort=')

/** All pages of two, by cursor. */
async function follow(
  call: Call,
  { items }: JsonSchema,
  take: (call: Call) => Promise<Answer>,
): Promise<void> {
  const pages = Math.ceil(items.length / 2) + 1
  let path = `${call.path}&limit=2`
  for (let page = 0; page < pages; page++) {
    const { json } = await take({ ...call, path })
    if (!json?.nextCursor) return
    path = `${call.path}&limit=2&cursor=${json.nextCursor}`
  }
  throw new Error(`${call.path}: its pages do not end`)
}
