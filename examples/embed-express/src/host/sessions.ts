import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from './database.ts'
import type { User } from './users.ts'

const A_WEEK = 7 * 24 * 60 * 60 * 1000

/** Signs a user in: the token is shown once, the table keeps its hash. */
export async function createSession(sql: Sql, user: User): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  const expiresAt = Date.now() + A_WEEK
  await sql`insert into sessions (token_hash, user_id, expires_at) values (${hash(token)}, ${user.id}, ${expiresAt})`
  return token
}

/** The user behind `Authorization: Bearer …`, or null. */
export async function signedInUser(sql: Sql, authorization: string | undefined): Promise<User | null> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (!token) return null
  const [user] = await sql<User>`
    select users.id, email, name, role, credit from sessions join users on users.id = user_id
    where token_hash = ${hash(token)} and expires_at > ${Date.now()}`
  return user ?? null
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
