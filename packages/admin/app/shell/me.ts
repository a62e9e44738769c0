import { manifest, session, useQuery } from '@clientele/admin-sdk'

/** The own account, as `auth()` tells it. */
export interface Me {
  readonly name: string
  readonly email: string
  /** Where this person has a role; `*`: everywhere. */
  readonly tenants: readonly string[]
}

/** Undefined until it is known, and for those who are signed in by the host. */
export function useMe(): Me | undefined {
  const isPerson = session.value?.actor.kind === 'user' || session.value?.actor.kind === 'operator'
  const hasAccounts = manifest.value?.plugins.some(({ id }) => id === 'auth') ?? false
  return useQuery<Me>(isPerson && hasAccounts ? '/api/auth/me' : null).data
}
