import { Authenticators, definePlugin, joinErrors, type Plugin, type ShapeOf } from '@clientele/core'
import { accountServices } from './account-services.ts'
import { requirePublicUrl } from './auth.config.ts'
import { authErrors } from './auth.errors.ts'
import { authOptions, type AuthOptions } from './auth.options.ts'
import { AuthSettings } from './auth.settings.ts'
import type { AuthTables } from './auth.tables.ts'
import { Code } from './code/code.entity.ts'
import { KnownDevice } from './device/known-device.entity.ts'
import { sendAuthMail } from './mail/send-auth-mail.jobs.ts'
import { memberErrors } from './members.errors.ts'
import { members } from './members.ts'
import { m0001Accounts } from './migrations/0001-accounts.ts'
import { m0002Members } from './migrations/0002-members.ts'
import { m0003Devices } from './migrations/0003-devices.ts'
import { printSetupToken } from './operator/setup.service.ts'
import { memberPermissions } from './role/member-permissions.ts'
import { Session } from './session/session.entity.ts'
import { authUpkeep, authUpkeepSchedule } from './session/upkeep.jobs.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { AuthKeys } from './token/auth-keys.ts'
import { bearerAuthenticator, cookieAuthenticator } from './token/authenticators.ts'
import { RecoveryCode } from './totp/recovery-code.entity.ts'
import { User } from './user/user.entity.ts'

const impl = definePlugin({
  id: 'auth',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  options: authOptions,
  entities: [User, Session, Code, RecoveryCode, KnownDevice, ...members.entities],
  migrations: { '0001-accounts': m0001Accounts, '0002-members': m0002Members, '0003-devices': m0003Devices },
  permissions: memberPermissions,
  settings: [AuthSettings],
  errors: joinErrors(authErrors, memberErrors),
  services: (options) => [...accountServices(options), ...members.services],
  routes: { ...signInRoutes, ...members.routes },
  jobs: [sendAuthMail, authUpkeep, ...members.jobs],
  schedules: [authUpkeepSchedule, ...members.schedules],
  contributes: [
    Authenticators.add(bearerAuthenticator),
    Authenticators.add(cookieAuthenticator),
    ...members.contributes,
  ],
  start: async (ctx) => {
    requirePublicUrl(ctx)
    ctx.get(AuthKeys).load(ctx)
    await printSetupToken(ctx)
  },
})

/** The plugin's routes as typed calls. */
export interface AuthApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AuthShape {
  readonly id: 'auth'
  readonly tables: AuthTables
  readonly api: AuthApi
}

/** Accounts: people sign up, sign in and are let go; roles say what they may do in which tenant. */
export const auth: ((options?: AuthOptions) => Plugin<AuthShape>) & { readonly pluginId: 'auth' } = impl
