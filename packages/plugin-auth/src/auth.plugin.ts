import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { Auth } from './auth/auth.entity.ts'
import { authJobs } from './auth/auth.jobs.ts'
import { authRoutes } from './auth/auth.routes.ts'
import { Auths, createAuthsService } from './auth/auth.service.ts'
import { m0001Auth } from './migrations/0001-auth.ts'
import { authErrors } from './auth.errors.ts'
import { authOptions, type AuthOptions } from './auth.options.ts'
import type { AuthTables } from './auth.tables.ts'

const impl = definePlugin({
  id: 'auth',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  options: authOptions,
  entities: [Auth],
  migrations: { '0001-auth': m0001Auth },
  permissions: {
    'auth:read': { label: 'See auths', roles: ['admin', 'editor', 'viewer'] },
    'auth:write': { label: 'Change auths', roles: ['admin', 'editor'] },
  },
  errors: authErrors,
  services: (options) => [provide(Auths, { factory: () => createAuthsService(options) })],
  routes: authRoutes,
  jobs: authJobs,
})

/** The plugin's routes as typed calls. */
export interface AuthApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AuthShape {
  readonly id: 'auth'
  readonly tables: AuthTables
  readonly api: AuthApi
}

/** Auths, which can be closed and go some days later. */
export const auth: ((options?: AuthOptions) => Plugin<AuthShape>) & { readonly pluginId: 'auth' } = impl
