import { randomUUID } from 'node:crypto'
import type { Sql } from './database.ts'
import type { User } from './users.ts'

export interface Product {
  readonly sku: string
  readonly name: string
  /** In cents. */
  readonly price: number
}

export const PRODUCTS: readonly Product[] = [
  { sku: 'mug', name: 'Mug', price: 1200 },
  { sku: 'teapot', name: 'Teapot', price: 4900 },
  { sku: 'table', name: 'Tea table', price: 89_000 },
]

/** A row of the shop's own `orders` table. */
export interface ShopOrder {
  readonly id: string
  readonly user_id: string
  readonly sku: string
  readonly quantity: number
  /** In cents. */
  readonly total: number
}

export async function insertOrder(
  sql: Sql,
  user: User,
  { sku, price }: Product,
  quantity: number,
): Promise<ShopOrder> {
  const order = { id: randomUUID(), user_id: user.id, sku, quantity, total: price * quantity }
  await sql`
    insert into orders (id, user_id, sku, quantity, total)
    values (${order.id}, ${user.id}, ${sku}, ${quantity}, ${order.total})`
  return order
}

export async function ordersOf(sql: Sql, user: User): Promise<ShopOrder[]> {
  return sql<ShopOrder>`select * from orders where user_id = ${user.id}`
}
