import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { Audience, createAudienceService } from './audience/audience.service.ts'
import { m0001Segments } from './migrations/0001-segments.ts'
import { Segment } from './segment/segment.entity.ts'
import { segmentRoutes } from './segment/segment.routes.ts'
import { createSegmentsService, Segments } from './segment/segment.service.ts'
import { segmentsErrors } from './segments.errors.ts'
import type { SegmentsTables } from './segments.tables.ts'

const impl = definePlugin({
  id: 'segments',
  version: '0.1.0',
  requires: { core: '^0.1.0', plugins: { customers: '^0.1.0' } },
  dependsOn: [customers],
  entities: [Segment],
  migrations: { '0001-segments': m0001Segments },
  permissions: {
    'segments:read': { label: 'See segments, previews and members', roles: ['admin', 'editor', 'viewer'] },
    'segments:write': { label: 'Save and remove segments', roles: ['admin', 'editor'] },
  },
  errors: segmentsErrors,
  services: () => [
    provide(Audience, { factory: createAudienceService }),
    provide(Segments, {
      deps: { audience: Audience },
      factory: ({ audience }) => createSegmentsService(audience),
    }),
  ],
  routes: segmentRoutes,
})

/** The plugin's routes as typed calls. */
export interface SegmentsApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface SegmentsShape {
  readonly id: 'segments'
  readonly tables: SegmentsTables
  readonly api: SegmentsApi
}

/** Saved conditions over customers: previews, members, explanations. */
export const segments: (() => Plugin<SegmentsShape>) & { readonly pluginId: 'segments' } = impl
