import type { TablesOf } from '@clientele/core'
import type { CustomersTables } from '@clientele/plugin-customers'
import type { SegmentEpoch } from './definition/epoch.entity.ts'
import type { Membership } from './membership/membership.entity.ts'
import type { SegmentPin } from './pin/pin.entity.ts'
import type { SegmentRun } from './recompute/run.entity.ts'
import type { Segment } from './segment/segment.entity.ts'
import type { SegmentTimer } from './timer/timer.entity.ts'
import type { SegmentVersion } from './version/version.entity.ts'

type Entities = [
  typeof Segment,
  typeof Membership,
  typeof SegmentTimer,
  typeof SegmentPin,
  typeof SegmentRun,
  typeof SegmentVersion,
  typeof SegmentEpoch,
]

/** What typed queries see of this plugin. */
export interface SegmentsTables extends TablesOf<Entities> {}

/** What this plugin's own queries see: its tables and the customers. */
export type AudienceTables = SegmentsTables & Pick<CustomersTables, 'customers'>
