import type { Actor, Authenticator } from '@clientele/core'
import type { Sql } from '../host/database.ts'
import { signedInUser } from '../host/sessions.ts'
import type { User } from '../host/users.ts'

/** Whoever is signed in to the shop is signed in to Clientele: staff may do everything, shoppers nothing. */
export function shopAccess(sql: Sql): Authenticator {
  return {
    name: 'shopSession',
    scheme: { type: 'http', scheme: 'bearer', description: 'The session token of the shop' },
    async authenticate({ headers }) {
      const user = await signedInUser(sql, headers['authorization'])
      return user && { actor: actorOf(user), tenants: ['default'] }
    },
  }
}

/** The shop's user as Clientele records them beside every change. */
export function actorOf(user: User): Actor {
  return { kind: 'user', id: user.id, permissions: new Set(user.role === 'staff' ? ['*'] : []) }
}
