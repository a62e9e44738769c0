export { Access, type AccessService, type TenantAccess } from './access/access.service.ts'
export { authErrors } from './auth.errors.ts'
export type { AuthOptions } from './auth.options.ts'
export { auth, type AuthApi, type AuthShape } from './auth.plugin.ts'
export type { AuthTables } from './auth.tables.ts'
export { Session, type SessionRow } from './session/session.entity.ts'
export {
  LOCALES,
  User,
  type Locale,
  type NewUser,
  type UserChanges,
  type UserRow,
} from './user/user.entity.ts'
