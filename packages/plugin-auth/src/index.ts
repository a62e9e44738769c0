export { Access, type AccessService, type TenantAccess } from './access/access.service.ts'
export { authErrors } from './auth.errors.ts'
export type { AuthOptions } from './auth.options.ts'
export { auth, type AuthApi, type AuthShape } from './auth.plugin.ts'
export type { AuthTables } from './auth.tables.ts'
export { Passwords, type PasswordCheck } from './password/password.service.ts'
export { Session, type SessionRow } from './session/session.entity.ts'
export {
  Sessions,
  type Device,
  type HeldSession,
  type LiveSession,
  type SessionsService,
} from './session/session.service.ts'
export { SignIn, type BearerTokens, type CookieSession, type SignInService } from './token/sign-in.service.ts'
export {
  LOCALES,
  User,
  type Locale,
  type NewUser,
  type UserChanges,
  type UserRow,
} from './user/user.entity.ts'
export { Users, type ProvedPerson, type UsersService } from './user/users.service.ts'
export { Accounts, type AccountsService, type AskedCode, type CodeAnswer } from './user/account.service.ts'
