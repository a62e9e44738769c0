import { definePlugin, Sites, type Plugin, type ShapeOf } from '@clientele/core'
import { manifestRoutes } from './manifest/manifest.routes.ts'
import { adminSite } from './site/admin-site.ts'

const impl = definePlugin({
  id: 'admin',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  routes: manifestRoutes,
  contributes: [Sites.add(adminSite(new URL('../dist/app/', import.meta.url)))],
})

/** The plugin's routes as typed calls. */
export interface AdminApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AdminShape {
  readonly id: 'admin'
  readonly tables: {}
  readonly api: AdminApi
}

/** The admin panel at `/admin`, drawn from what the installed plugins declare. */
export const admin: (() => Plugin<AdminShape>) & { readonly pluginId: 'admin' } = impl
