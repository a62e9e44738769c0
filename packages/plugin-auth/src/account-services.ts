import { provide, type Provider } from '@clientele/core'
import { AuthConfigured } from './auth.config.ts'
import type { AuthConfig } from './auth.options.ts'
import { Codes, createCodes } from './code/code.service.ts'
import { createKnownDevices, KnownDevices } from './device/known-devices.service.ts'
import { createPasswords, Passwords } from './password/password.service.ts'
import { createSessions, Sessions } from './session/session.service.ts'
import { AccessTokens, createAccessTokens } from './token/access-token.ts'
import { AuthKeys, createAuthKeys } from './token/auth-keys.ts'
import { createSignIn, SignIn } from './token/sign-in.service.ts'
import { createSigningKeys, SigningKeys } from './token/signing-keys.ts'
import { createTotp, Totp } from './totp/totp.service.ts'
import { Accounts, createAccounts } from './user/account.service.ts'
import { createMyAccount, MyAccount } from './user/me.service.ts'
import { createUsers, Users } from './user/users.service.ts'

/** The services of people and how they sign in. */
export function accountServices(options: AuthConfig): readonly Provider[] {
  const deps = { keys: AuthKeys }
  return [
    provide(AuthConfigured, { factory: () => ({ ...options }) }),
    provide(AuthKeys, { factory: createAuthKeys }),
    provide(SigningKeys, { deps, factory: ({ keys }) => createSigningKeys(keys) }),
    provide(AccessTokens, {
      deps: { keys: SigningKeys },
      factory: ({ keys }) => createAccessTokens(keys, options),
    }),
    provide(Passwords, { factory: createPasswords }),
    provide(Codes, { deps, factory: ({ keys }) => createCodes(keys) }),
    provide(Sessions, { deps, factory: ({ keys }) => createSessions(keys, options) }),
    provide(KnownDevices, { deps, factory: ({ keys }) => createKnownDevices(keys) }),
    provide(Totp, { deps, factory: ({ keys }) => createTotp(keys, options) }),
    provide(Users, { factory: createUsers }),
    provide(Accounts, { factory: () => createAccounts(options) }),
    provide(MyAccount, { factory: createMyAccount }),
    provide(SignIn, { deps, factory: ({ keys }) => createSignIn(keys, options) }),
  ]
}
