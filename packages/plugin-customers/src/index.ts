export {
  activity,
  consent,
  ConsentBuilder,
  consented,
  customer,
  reachableBy,
  sampled,
  tagged,
  trait,
} from './condition/customer-builders.ts'
export {
  firstEvent,
  lastEvent,
  NthEventBuilder,
  nthEventOf,
  performed,
  PerformedBuilder,
  sequence,
  SequenceBuilder,
  type EventLike,
  type FigureQuestions,
  type PropertiesOf,
  type PropertyNameOf,
  type PropertyRules,
} from './condition/event-builders.ts'
export type { ConsentLeaf } from './condition/consent-condition.ts'
export type { EventAggregateLeaf } from './condition/event-aggregate.ts'
export type { EventLeaf } from './condition/event-count.ts'
export type { EventFilter, PropertyRule } from './condition/event-filter.ts'
export type { EventPeriodsLeaf } from './condition/event-periods.ts'
export type { EventReturnLeaf } from './condition/event-return.ts'
export type { EventSequenceLeaf } from './condition/event-sequence.ts'
export type { IdentifierCountLeaf } from './condition/identifier-count.ts'
export type { NthEventLeaf } from './condition/nth-event.ts'
export type { NumberComparison } from './condition/number-comparison.ts'
export type { ReachableLeaf, SuppressedLeaf } from './condition/reach.ts'
export type { SampleLeaf } from './condition/sample.ts'
export type { TagLeaf } from './condition/tag-condition.ts'
export type { TimeSinceEventLeaf } from './condition/time-since-event.ts'
export { Consent, ConsentState, type ConsentRow, type ConsentStateRow } from './consent/consent.entity.ts'
export type { ConsentAnswer } from './consent/consent-answer.ts'
export {
  Consents,
  type ConsentNow,
  type ConsentsService,
  type ConsentUse,
  type MarketingPreferences,
  type NewConsent,
  type PreferenceEvidence,
} from './consent/consent.service.ts'
export { CustomerDetails, type CustomerDetailsSection } from './customer/customer-details.ts'
export {
  Customer,
  type CustomerChanges,
  type CustomerRow,
  type NewCustomer,
} from './customer/customer.entity.ts'
export { countryCode } from './customer/place.ts'
export { Customers, type CustomersService, type CustomerWithDetails } from './customer/customer.service.ts'
export { customersErrors } from './customers.errors.ts'
export { CustomersErased, CustomersMerged, CustomersUnmerged } from './customers.events.ts'
export type { CustomersOptions } from './customers.options.ts'
export { customers, type CustomersApi, type CustomersShape } from './customers.plugin.ts'
export { CustomersSettings } from './customers.settings.ts'
export type { CustomersTables } from './customers.tables.ts'
export {
  defineCustomerEvent,
  type AnyCustomerEvent,
  type CustomerEventDefinition,
  type EventOf,
} from './declaration/customer-event.ts'
export {
  defineTraits,
  type AnyTraits,
  type TraitName,
  type Traits,
  type TraitSchemas,
  type TraitsOf,
  type TraitValue,
} from './declaration/traits.ts'
export {
  CustomerEventSubscribers,
  type AppendedEvent,
  type CustomerEventSubscriber,
} from './event/event-subscribers.ts'
export {
  CustomerActivity,
  CustomerEvent,
  EventDefinition,
  type CustomerEventRow,
} from './event/event.entity.ts'
export type { EventType } from './event/event-type.ts'
export {
  CustomerEvents,
  type CustomerEventsService,
  type NewEvent,
  type NewFact,
  type Who,
} from './event/event.service.ts'
export { Identity, type IdentityRow } from './identity/identity.entity.ts'
export type { Identifier, IdentityRulesOptions } from './identity/identity-rules.ts'
export type { EventOrigin } from './ingest/event-batch.ts'
export type { JsonObject, Message, MessageOutcome } from './ingest/message.ts'
export { Merge, type MergeRow } from './merge/merge.entity.ts'
export { Merges, type MergeReason, type MergesService } from './merge/merge.service.ts'
export {
  Ingest,
  type IncomingEvents,
  type IngestResult,
  type IngestService,
} from './ingest/ingest.service.ts'
export { CustomerNote, type CustomerNoteRow } from './note/note.entity.ts'
export { Erasure, type ErasureRow } from './privacy/erasure.entity.ts'
export {
  Privacy,
  type EraseOptions,
  type ErasedPerson,
  type PrivacyService,
} from './privacy/privacy.service.ts'
export { Source, type SourceRow } from './source/source.entity.ts'
export {
  Sources,
  type PublicSource,
  type SourcesService,
  type SourceWithKey,
} from './source/source.service.ts'
export { Suppression, type SuppressionRow, type SuppressionScope } from './suppression/suppression.entity.ts'
export {
  Suppressions,
  type Address,
  type SuppressionCause,
  type SuppressionsService,
} from './suppression/suppression.service.ts'
export { CustomerTag, type CustomerTagRow } from './tag/tag.entity.ts'
export { Tags, type TagChanges, type TagsService, type TagUse } from './tag/tag.service.ts'
export { TraitDefinition, type TraitKind } from './trait/trait-definition.entity.ts'
export { TraitRegistry, type TraitRegistryService } from './trait/trait.service.ts'
