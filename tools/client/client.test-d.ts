/** What the types of the client refuse: each line below the remark must not compile. Checked by `npm run typecheck`. */
import { createClient, type Client, type CallOptions } from '@clientele/core/client'
import type { Clientele } from '@clientele/core'
import type { CustomerRow } from '@clientele/plugin-customers'
import type { plugins } from '../isolation/shop.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_ extends true>(): void => {}

type Cdp = Clientele<typeof plugins>
const { api }: Client<Cdp> = createClient<Cdp>({ baseUrl: '' })
const params = { id: 'x' }

export async function answersAreTyped(): Promise<void> {
  const page = await api.customers.list()
  holds<Equal<(typeof page.items)[number]['status'], 'active' | 'archived'>>()
  holds<Equal<(typeof page)['nextCursor'], string | null>>()
  const customer = await api.customers.get({ params })
  customer satisfies CustomerRow
  // @ts-expect-error the row has no such column
  void customer.nickname
  const gone = await api.customers.remove({ params })
  holds<Equal<typeof gone, void>>()
  const order = await api.orders.get({ params })
  holds<Equal<(typeof order)['lines'][number]['quantity'], number>>()
}

export function theSameAsInProcess(cdp: Cdp): void {
  type InProcess = ReturnType<Cdp['as']>['api']
  type Over = typeof api
  holds<Equal<keyof Over, keyof InProcess>>()
  holds<Equal<keyof Over['customers'], keyof InProcess['customers']>>()
  holds<Equal<Parameters<Over['customers']['update']>[0], Parameters<InProcess['customers']['update']>[0]>>()
  holds<Equal<Parameters<Over['customers']['update']>[1], CallOptions | undefined>>()
  void cdp
}

export function whatIsRefused(): void {
  // @ts-expect-error there is no such plugin
  void api.clients.list()
  // @ts-expect-error there is no such route
  void api.customers.search()
  // @ts-expect-error a path parameter is missing
  void api.customers.get({})
  // @ts-expect-error all of it is missing
  void api.customers.get()
  // @ts-expect-error a number is no id
  void api.customers.get({ params: { id: 7 } })
  // @ts-expect-error the body is missing
  void api.customers.create({})
  // @ts-expect-error a column is of another type
  void api.customers.create({ body: { email: 7 } })
  // @ts-expect-error there is no such column
  void api.customers.create({ body: { nickname: 'Ann' } })
  // @ts-expect-error the column knows two words, and this is neither
  void api.customers.update({ params, body: { status: 'gone' } })
  // @ts-expect-error what is required is left out
  void api.inventory.createProduct({ body: { name: 'Cup' } })
  // @ts-expect-error the version is not the caller's to set
  void api.customers.update({ params, body: { version: 2 } })
}

export function whatListsRefuse(): void {
  // @ts-expect-error the column knows two words, and this is neither
  void api.customers.list({ query: { status: 'gone' } })
  // @ts-expect-error nor one of these
  void api.customers.list({ query: { 'status.in': ['active', 'gone'] } })
  // @ts-expect-error there is no such column
  void api.customers.list({ query: { nickname: 'Ann' } })
  // @ts-expect-error an instant is a text
  void api.customers.list({ query: { 'createdAt.gte': 2026 } })
  // @ts-expect-error there are two ways to count
  void api.customers.list({ query: { count: 'all' } })
  void api.customers.list({
    query: { status: 'active', 'status.ne': 'archived', 'metrics.totalSpend.gte': 5 },
  })
  void api.customers.list({ query: { 'id.in': ['a', 'b'], acceptsMarketing: true, sort: '-createdAt' } })
  void api.inventory.listProducts({ query: { 'price.gte': 1000, 'lowStockAt.isNull': true } })
}

export function whatOptionsRefuse(): void {
  // @ts-expect-error the application's type says nothing of its routes
  void createClient<{ readonly start: () => void }>({ baseUrl: '' })
  // @ts-expect-error the version stands as a number
  void api.customers.remove({ params }, { ifMatch: '"3"' })
  // @ts-expect-error a number is no tenant
  void api.customers.list({}, { tenantId: 7 })
}
