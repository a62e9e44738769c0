import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from 'node:crypto'
import type { Sql } from './database.ts'

export interface User {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'shopper' | 'staff'
  /** What is left to spend, in cents. */
  readonly credit: number
}

export interface NewUser extends Omit<User, 'id'> {
  readonly password: string
}

export async function createUser(sql: Sql, { email, name, role, credit, password }: NewUser): Promise<User> {
  const id = randomUUID()
  await sql`
    insert into users (id, email, name, role, credit, password_hash)
    values (${id}, ${email}, ${name}, ${role}, ${credit}, ${hash(password)})`
  return { id, email, name, role, credit }
}

/** The user with that password, or null. */
export async function findUser(sql: Sql, email: string, password: string): Promise<User | null> {
  const [row] = await sql<User & { password_hash: string }>`select * from users where email = ${email}`
  return row && matches(password, row.password_hash) ? row : null
}

/** @throws {@link PaymentDeclined} when the credit does not suffice; nothing is taken then */
export async function payWithCredit(sql: Sql, user: User, amount: number): Promise<void> {
  const paid = await sql`
    update users set credit = credit - ${amount} where id = ${user.id} and credit >= ${amount} returning id`
  if (paid.length === 0) throw new PaymentDeclined(`The credit of ${user.email} is less than ${amount}`)
}

export class PaymentDeclined extends Error {}

function hash(password: string, salt = randomBytes(16)): string {
  return `${salt.toString('hex')}:${scryptSync(password, salt, 32).toString('hex')}`
}

function matches(password: string, stored: string): boolean {
  const salt = Buffer.from(stored.slice(0, 32), 'hex')
  return timingSafeEqual(Buffer.from(hash(password, salt)), Buffer.from(stored))
}
