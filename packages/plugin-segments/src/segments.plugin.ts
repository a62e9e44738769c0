import { ConditionTypes, FactWatchers } from '@clientele/conditions'
import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { CustomerDetails, customers } from '@clientele/plugin-customers'
import { Audience, createAudienceService } from './audience/audience.service.ts'
import { languageRoutes } from './audience/language.routes.ts'
import { segmentConditions } from './condition/membership-conditions.ts'
import { SegmentEpoch } from './definition/epoch.entity.ts'
import { sqlRoutes } from './explanation/sql.routes.ts'
import { customerSegments, historyRoutes } from './membership/history.ts'
import { Membership } from './membership/membership.entity.ts'
import { createMembershipsService, Memberships } from './membership/memberships.ts'
import { sizeRoutes } from './membership/sizes.ts'
import { membershipWatcher, mergedCustomers, newCustomers } from './membership/touched.ts'
import { m0001Segments } from './migrations/0001-segments.ts'
import { m0002Memberships } from './migrations/0002-memberships.ts'
import { m0003Rankings } from './migrations/0003-rankings.ts'
import { overlapRoutes } from './overlap/overlap.routes.ts'
import { SegmentPin } from './pin/pin.entity.ts'
import { pinRoutes } from './pin/pin.routes.ts'
import { createPinsService, Pins } from './pin/pins.ts'
import { SegmentRun } from './recompute/run.entity.ts'
import { runRoutes } from './recompute/run.routes.ts'
import { recompute } from './recompute/run-recompute.ts'
import { settingsMoved } from './recompute/settings-moved.ts'
import { upkeep, upkeepSchedule } from './recompute/upkeep.ts'
import { Segment } from './segment/segment.entity.ts'
import { segmentsThatAsk } from './segment/segment-references.ts'
import { SegmentUses } from './segment/segment-uses.ts'
import { segmentRoutes } from './segment/segment.routes.ts'
import { createSegmentsService, Segments } from './segment/segment.service.ts'
import { segmentsAdmin } from './segments.admin.ts'
import { segmentsErrors } from './segments.errors.ts'
import { SegmentEntered, SegmentLeft, SegmentRecomputed } from './segments.events.ts'
import type { SegmentsTables } from './segments.tables.ts'
import { fireTimers, timerSchedule } from './timer/fire-timers.ts'
import { SegmentTimer } from './timer/timer.entity.ts'
import { SegmentVersion } from './version/version.entity.ts'
import { versionRoutes } from './version/version.routes.ts'

const impl = definePlugin({
  id: 'segments',
  version: '0.1.0',
  requires: { core: '^0.1.0', plugins: { customers: '^0.1.0' } },
  dependsOn: [customers],
  entities: [Segment, Membership, SegmentTimer, SegmentPin, SegmentRun, SegmentVersion, SegmentEpoch],
  migrations: {
    '0001-segments': m0001Segments,
    '0002-memberships': m0002Memberships,
    '0003-rankings': m0003Rankings,
  },
  permissions: {
    'segments:read': { label: 'See segments, previews and members', roles: ['admin', 'editor', 'viewer'] },
    'segments:write': { label: 'Save and remove segments', roles: ['admin', 'editor'] },
  },
  errors: segmentsErrors,
  events: [SegmentEntered, SegmentLeft, SegmentRecomputed],
  services: () => [
    provide(Audience, { factory: createAudienceService }),
    provide(Memberships, { factory: createMembershipsService }),
    provide(Pins, { factory: createPinsService }),
    provide(Segments, {
      deps: { audience: Audience, memberships: Memberships },
      factory: ({ audience, memberships }) => createSegmentsService(audience, memberships),
    }),
  ],
  routes: {
    ...segmentRoutes,
    ...languageRoutes,
    ...sqlRoutes,
    ...pinRoutes,
    ...versionRoutes,
    ...runRoutes,
    ...historyRoutes,
    ...sizeRoutes,
    ...overlapRoutes,
  },
  admin: segmentsAdmin,
  changes: [newCustomers, settingsMoved],
  handlers: [mergedCustomers],
  jobs: [recompute, fireTimers, upkeep],
  schedules: [timerSchedule, upkeepSchedule],
  contributes: [
    FactWatchers.add(membershipWatcher),
    ConditionTypes.add(segmentConditions),
    CustomerDetails.add(customerSegments),
    SegmentUses.add(segmentsThatAsk),
  ],
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
