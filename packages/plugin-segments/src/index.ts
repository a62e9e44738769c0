export {
  Audience,
  type AudienceService,
  type Preview,
  type PreviewOptions,
} from './audience/audience.service.ts'
export { Segment, type SegmentRow } from './segment/segment.entity.ts'
export {
  Segments,
  type Evaluation,
  type NewSegment,
  type SegmentChanges,
  type SegmentsService,
} from './segment/segment.service.ts'
export { segmentsErrors } from './segments.errors.ts'
export { segments, type SegmentsApi, type SegmentsShape } from './segments.plugin.ts'
export type { SegmentsTables } from './segments.tables.ts'
