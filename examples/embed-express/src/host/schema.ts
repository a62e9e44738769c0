import type { Sql } from './database.ts'

/**
 * The shop's own tables, made by the shop's own code as they were before Clientele came. Clientele has an `orders` table
 * as well: its tables carry a prefix (`clientele_orders`), so the two never meet.
 */
export async function createTables(sql: Sql): Promise<void> {
  await sql`
    create table if not exists users (
      id text primary key, email text not null unique, name text not null, password_hash text not null,
      role text not null check (role in ('shopper', 'staff')), credit integer not null check (credit >= 0))`
  await sql`
    create table if not exists sessions (
      token_hash text primary key, user_id text not null references users, expires_at bigint not null)`
  await sql`
    create table if not exists orders (
      id text primary key, user_id text not null references users, sku text not null, quantity integer not null,
      total integer not null)`
}
