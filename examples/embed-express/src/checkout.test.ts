import { Customer } from '@clientele/plugin-customers'
import { eachStorage } from '@clientele/testing'
import BetterSqlite from 'better-sqlite3'
import { expect, inject, onTestFinished, test } from 'vitest'
import pg from 'pg'
import { checkout } from './checkout.ts'
import { SendReceipt } from './clientele/receipts.ts'
import { insertOrder, PRODUCTS, type Product } from './host/orders.ts'
import { PaymentDeclined } from './host/users.ts'
import { createTestShop } from './test-shop.fixture.ts'

const [mug, teapot, table] = PRODUCTS as [Product, Product, Product]
const A_MUG = { product: mug, quantity: 1 }
const NOTHING = { orders: 0, customers: 0, ordersInClientele: 0, jobs: 0, credit: 10_000 }

eachStorage((storage) => {
  test('a checkout writes the order, the customer, the order in Clientele, the job and the payment', async () => {
    const shop = await createTestShop(storage)
    const order = await checkout(shop, shop.ana, { product: teapot, quantity: 2 })
    expect(await shop.counts()).toEqual({
      orders: 1,
      customers: 1,
      ordersInClientele: 1,
      jobs: 1,
      credit: 200,
    })
    const found = await shop.cdp.as().api.orders.lookup({ query: { number: order.id } })
    expect(found).toMatchObject({
      order: { state: 'paid', total: { amount: 9800, currency: 'EUR' } },
      customer: { email: 'ana@shop.example' },
    })
  })

  test('a payment declined at the end leaves nothing of the checkout, and no job to run', async () => {
    const shop = await createTestShop(storage)
    const tooMuch = checkout(shop, shop.ana, { product: table, quantity: 1 })
    await expect(tooMuch).rejects.toThrow(PaymentDeclined)
    expect(await shop.counts()).toEqual(NOTHING)
    expect(await shop.cdp.runJobs()).toBe(0)
    expect(shop.receipts.size).toBe(0)
  })

  test('the receipt is sent once, after the commit', async () => {
    const shop = await createTestShop(storage)
    const order = await checkout(shop, shop.ana, A_MUG)
    expect(shop.receipts.size).toBe(0)
    expect(await shop.cdp.runJobs()).toBe(1)
    expect(await shop.cdp.runJobs()).toBe(0)
    expect([...shop.receipts]).toEqual([[order.id, 'ana@shop.example']])
  })

  test('a failure in Clientele ends the checkout when the shop lets it pass', async () => {
    const { database, cdp, ana, counts } = await createTestShop(storage)
    const failing = cdp.hostTransaction(async (connection) => {
      await insertOrder(database.on(connection), ana, mug, 1)
      await cdp.join(connection, {}, async (t) => {
        await t.repo(Customer).insert({ firstName: 'Ana' })
        await t.repo(Customer).get(t.newId())
      })
    })
    await expect(failing).rejects.toMatchObject({ code: 'entity.not_found' })
    expect(await counts()).toEqual(NOTHING)
  })

  test('a failure in Clientele undoes its own part only when the shop catches it', async () => {
    const { database, cdp, ana, counts } = await createTestShop(storage)
    await cdp.hostTransaction(async (connection) => {
      await insertOrder(database.on(connection), ana, mug, 1)
      const failing = cdp.join(connection, {}, async (t) => {
        await t.repo(Customer).insert({ source: 'shop', externalId: ana.id })
        await t.enqueue(SendReceipt, { orderId: 'none', email: ana.email })
        await t.repo(Customer).insert({ source: 'shop', externalId: ana.id })
      })
      await expect(failing).rejects.toMatchObject({ code: 'entity.conflict' })
      await insertOrder(database.on(connection), ana, teapot, 1)
    })
    expect(await counts()).toEqual({ ...NOTHING, orders: 2 })
  })

  test('one transaction may be joined several times', async () => {
    const { cdp, counts } = await createTestShop(storage)
    await cdp.hostTransaction(async (connection) => {
      const ana = await cdp.join(connection, {}, (t) => t.repo(Customer).insert({ firstName: 'Ana' }))
      await cdp.join(connection, {}, (t) => t.repo(Customer).patch(ana.id, { lastName: 'Silva' }))
    })
    expect(await counts()).toMatchObject({ customers: 1 })
  })

  test('the first two checkouts of a new customer at the same time both succeed', async () => {
    const shop = await createTestShop(storage)
    for (let round = 0; round < 3; round++)
      await Promise.all([1, 2].map(() => checkout(shop, shop.ana, A_MUG)))
    expect(await shop.counts()).toMatchObject({ orders: 6, customers: 1, ordersInClientele: 6, jobs: 6 })
  })

  test('a connection that is not in a transaction of the shop is refused', async () => {
    const { cdp, database } = await createTestShop(storage)
    const code = `${storage}.not_a_connection`
    const joining = (connection: unknown) => cdp.join(connection, {}, async () => {})
    await expect(joining(database)).rejects.toMatchObject({ code })
    await expect(joining(undefined)).rejects.toMatchObject({ code })
    await expect(joining(await otherConnection(storage))).rejects.toMatchObject({ code })
  })
})

test('on PostgreSQL a client of the shop with a transaction it began itself may be joined', async () => {
  const { cdp, counts, database } = await createTestShop('postgres')
  await cdp.hostTransaction(async (connection) => {
    const { rows } = await (connection as pg.ClientBase).query<{ schema: string }>(
      'select current_schema() as schema',
    )
    const client = new pg.Client(inject('postgresUrl'))
    await client.connect()
    onTestFinished(() => client.end())
    await client.query(`set search_path to ${rows[0]!.schema}`)
    for (const end of ['rollback', 'commit']) {
      await client.query('begin')
      await cdp.join(client, {}, (t) => t.repo(Customer).insert({ firstName: end }))
      await client.query(end)
    }
  })
  expect(await counts()).toMatchObject({ customers: 1 })
  expect(await database.sql`select first_name from clientele_customers`).toEqual([{ first_name: 'commit' }])
})

async function otherConnection(storage: string): Promise<unknown> {
  if (storage === 'sqlite') return new BetterSqlite(':memory:')
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
