import type { TablesOf } from '@clientele/core'
import type { Segment } from './segment/segment.entity.ts'

/** What typed queries see of this plugin. */
export interface SegmentsTables extends TablesOf<[typeof Segment]> {}
