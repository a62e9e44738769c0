export { Audience, type AudienceService } from './audience/audience.service.ts'
export { explainSegment, type SegmentExplanation } from './explanation/explain-segment.ts'
export { segmentSql, type SegmentSql, type SentStatement } from './explanation/segment-sql.ts'
export { Membership, type MembershipCause, type MembershipRow } from './membership/membership.entity.ts'
export { segmentConditions, type SegmentLeaf } from './condition/membership-conditions.ts'
export { Memberships, type MembershipsService } from './membership/memberships.ts'
export { overlapOf, type OverlapPart } from './overlap/overlap.ts'
export { SegmentPin, type SegmentPinRow } from './pin/pin.entity.ts'
export { Pins, type NewPin, type PinsService } from './pin/pins.ts'
export type { Estimate, Preview, PreviewOptions } from './preview/preview.ts'
export { runChanges, type RunChanges, type RunChangesQuery } from './recompute/run-changes.ts'
export { SegmentRun, type SegmentRunRow } from './recompute/run.entity.ts'
export { Segment, type SegmentRow } from './segment/segment.entity.ts'
export type { SegmentKind } from './segment/segment-kind.ts'
export { SegmentUses, usesOf, type SegmentUse, type SegmentUseFinder } from './segment/segment-uses.ts'
export {
  Segments,
  type Evaluation,
  type MembersPage,
  type NewSegment,
  type SegmentChanges,
  type SegmentsService,
} from './segment/segment.service.ts'
export { segmentsErrors } from './segments.errors.ts'
export { SegmentEntered, SegmentLeft, SegmentRecomputed } from './segments.events.ts'
export { segments, type SegmentsApi, type SegmentsShape } from './segments.plugin.ts'
export type { SegmentsTables } from './segments.tables.ts'
export { SegmentVersion, type SegmentVersionRow } from './version/version.entity.ts'
