import { brandRoutes } from './brand/brand.routes.ts'
import { sessionRoutes } from './session/session.routes.ts'
import { tokenRoutes } from './token/token.routes.ts'
import { totpRoutes } from './totp/totp.routes.ts'
import { accountRoutes } from './user/account.routes.ts'
import { meRoutes } from './user/me.routes.ts'

/** All of `/api/auth`. */
export const signInRoutes = {
  ...brandRoutes,
  ...accountRoutes,
  ...tokenRoutes,
  ...meRoutes,
  ...sessionRoutes,
  ...totpRoutes,
}
