import type { TablesOf } from '@clientele/core'
import type { Customer } from './customer/customer.entity.ts'
import type { CustomerActivity, CustomerEvent, EventDefinition } from './event/event.entity.ts'
import type { Identity } from './identity/identity.entity.ts'
import type { RejectedEvent } from './ingest/rejected-event.entity.ts'
import type { Merge, MergeMove } from './merge/merge.entity.ts'
import type { Source } from './source/source.entity.ts'

/** What typed queries see of this plugin. */
export interface CustomersTables extends TablesOf<
  [
    typeof Customer,
    typeof CustomerActivity,
    typeof CustomerEvent,
    typeof EventDefinition,
    typeof Identity,
    typeof Merge,
    typeof MergeMove,
    typeof RejectedEvent,
    typeof Source,
  ]
> {}
