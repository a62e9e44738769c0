import type { TablesOf } from '@clientele/core'
import type { Consent, ConsentState } from './consent/consent.entity.ts'
import type { Customer } from './customer/customer.entity.ts'
import type { CustomerActivity, CustomerEvent, EventDefinition } from './event/event.entity.ts'
import type { Identity } from './identity/identity.entity.ts'
import type { RejectedEvent } from './ingest/rejected-event.entity.ts'
import type { Merge, MergeMove } from './merge/merge.entity.ts'
import type { CustomerNote } from './note/note.entity.ts'
import type { Erasure } from './privacy/erasure.entity.ts'
import type { Source } from './source/source.entity.ts'
import type { CustomerTag } from './tag/tag.entity.ts'
import type { PromotedTrait } from './trait/promoted-trait.entity.ts'
import type { TraitDefinition } from './trait/trait-definition.entity.ts'
import type { CustomerSuppression } from './suppression/customer-suppression.entity.ts'
import type { Suppression } from './suppression/suppression.entity.ts'

/** What typed queries see of this plugin. */
export interface CustomersTables extends TablesOf<
  [
    typeof Consent,
    typeof ConsentState,
    typeof Customer,
    typeof CustomerActivity,
    typeof CustomerEvent,
    typeof CustomerNote,
    typeof CustomerTag,
    typeof Erasure,
    typeof EventDefinition,
    typeof Identity,
    typeof Merge,
    typeof MergeMove,
    typeof PromotedTrait,
    typeof RejectedEvent,
    typeof Source,
    typeof TraitDefinition,
    typeof Suppression,
    typeof CustomerSuppression,
  ]
> {}
