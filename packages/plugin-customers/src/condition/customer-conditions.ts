import type { ConditionType } from '@clientele/conditions'
import { consentCondition } from './consent-condition.ts'
import { identifierCount } from './identifier-count.ts'
import { reachable, suppressed } from './reach.ts'
import { sample } from './sample.ts'
import { tagCondition } from './tag-condition.ts'

/** What can be asked about customers besides their columns, traits and events. */
// `any`: types of unrelated leaves stand in one list; the schema guards each.
export const customerConditions: readonly ConditionType<any>[] = [
  consentCondition,
  suppressed,
  reachable,
  tagCondition,
  identifierCount,
  sample,
]
