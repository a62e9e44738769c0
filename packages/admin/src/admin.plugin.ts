import { Commands, Composition, definePlugin, Sites, type Plugin, type ShapeOf } from '@clientele/core'
import { adminErrors } from './admin.errors.ts'
import type { AdminTables } from './admin.tables.ts'
import { devCommand } from './dev/dev.command.ts'
import { checkFields } from './manifest/check-fields.ts'
import { manifestRoutes } from './manifest/manifest.routes.ts'
import { m0001SavedViews } from './migrations/0001-saved-views.ts'
import { pluginRoutes } from './plugins/plugins.routes.ts'
import { SavedView } from './saved-view/saved-view.entity.ts'
import { savedViewRoutes } from './saved-view/saved-view.routes.ts'
import { adminSite } from './site/admin-site.ts'

const shell = new URL('../dist/app/', import.meta.url)
const everybody = ['admin', 'editor', 'viewer'] as const

const impl = definePlugin({
  id: 'admin',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  entities: [SavedView],
  migrations: { '0001-saved-views': m0001SavedViews },
  permissions: {
    'views:read': { label: 'See saved views of lists', roles: everybody },
    'views:write': { label: 'Save views of lists', roles: everybody },
    'views:manage': { label: 'Change and remove views that others share', roles: ['admin'] },
    'plugins:read': { label: 'See which plugins are installed', roles: ['admin'] },
  },
  errors: adminErrors,
  routes: { ...manifestRoutes, ...pluginRoutes, ...savedViewRoutes },
  contributes: [Sites.add(adminSite(shell)), Commands.add(devCommand(shell))],
  start: (ctx) => checkFields(ctx.get(Composition).registry(ctx)),
})

/** The plugin's routes as typed calls. */
export interface AdminApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AdminShape {
  readonly id: 'admin'
  readonly tables: AdminTables
  readonly api: AdminApi
}

/** The admin panel at `/admin`, drawn from what the installed plugins declare. */
export const admin: (() => Plugin<AdminShape>) & { readonly pluginId: 'admin' } = impl
