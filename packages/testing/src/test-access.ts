import type { Authenticator } from '@clientele/core'

/** Who a test request speaks for. */
export interface TestActor {
  /** @default ['default'] */
  readonly tenants?: readonly [string, ...string[]]
  /** @default ['*'] */
  readonly permissions?: readonly string[]
  readonly id?: string
}

/** Believes what the request says of itself: for tests only, made by {@link testToken}. */
export function testAccess(): Authenticator {
  return {
    name: 'test',
    scheme: { type: 'http', scheme: 'test', description: 'Test actors' },
    authenticate({ headers }) {
      const header = headers['authorization']
      if (!header?.startsWith('Test ')) return null
      const {
        tenants = ['default'],
        permissions = ['*'],
        id = 'tester',
      } = JSON.parse(Buffer.from(header.slice(5), 'base64url').toString()) as TestActor
      return { actor: { kind: 'user', id, permissions: new Set(permissions) }, tenants }
    },
  }
}

/** The Authorization header of an actor. */
export function testToken(actor: TestActor): string {
  return `Test ${Buffer.from(JSON.stringify(actor)).toString('base64url')}`
}
