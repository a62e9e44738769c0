import { route } from '@clientele/core'
import { buildManifest } from './build-manifest.ts'
import { manifestSchema } from './manifest.schema.ts'

export const manifestRoutes = {
  manifest: route.get({
    path: '/api/v1/admin/manifest',
    permission: 'authenticated',
    summary: 'What the admin panel shows whoever is signed in',
    response: manifestSchema,
    handler: (_, ctx) => buildManifest(ctx),
  }),
}
