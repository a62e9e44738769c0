import { columnConditions, ConditionTypes, traitConditions } from '@clientele/conditions'
import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { customerConditions } from './condition/customer-conditions.ts'
import { eventConditions } from './condition/event-conditions.ts'
import { touchHappened } from './condition/future-events.ts'
import { factHandlers, factSubscribers } from './condition/touched-facts.ts'
import { consentHandlers, marketingChanges } from './consent/consent-changes.ts'
import { Consent, ConsentState } from './consent/consent.entity.ts'
import { consentRoutes } from './consent/consent.routes.ts'
import { Consents, createConsentsService } from './consent/consent.service.ts'
import { customerConsents } from './consent/customer-consents.ts'
import { CustomerDetails } from './customer/customer-details.ts'
import { Customer } from './customer/customer.entity.ts'
import { customerRoutes } from './customer/customer.routes.ts'
import { createCustomersService, Customers } from './customer/customer.service.ts'
import { customersAdmin } from './customers.admin.ts'
import { customersErrors } from './customers.errors.ts'
import { CustomersErased, CustomersMerged, CustomersUnmerged } from './customers.events.ts'
import { customersOptions, type CustomersOptions } from './customers.options.ts'
import { CustomersSettings } from './customers.settings.ts'
import type { CustomersTables } from './customers.tables.ts'
import { createDeclarations, Declarations } from './declaration/declarations.ts'
import { CustomerActivity, CustomerEvent, EventDefinition } from './event/event.entity.ts'
import { customerActivity, customerIdentities } from './event/customer-timeline.ts'
import { eventRoutes } from './event/event.routes.ts'
import { createCustomerEventsService, CustomerEvents } from './event/event.service.ts'
import { Identity } from './identity/identity.entity.ts'
import { identityRules } from './identity/identity-rules.ts'
import { Merge, MergeMove } from './merge/merge.entity.ts'
import { createIngestService, Ingest } from './ingest/ingest.service.ts'
import { ingestRoutes } from './ingest/ingest.routes.ts'
import { RejectedEvent } from './ingest/rejected-event.entity.ts'
import { mergeRoutes } from './merge/merge.routes.ts'
import { createMergesService, Merges } from './merge/merge.service.ts'
import { m0001Customers } from './migrations/0001-customers.ts'
import { m0002Events } from './migrations/0002-events.ts'
import { m0003Consents } from './migrations/0003-consents.ts'
import { m0004Profiles } from './migrations/0004-profiles.ts'
import { m0005Suppressed } from './migrations/0005-suppressed.ts'
import { customerNotes } from './note/customer-notes.ts'
import { CustomerNote } from './note/note.entity.ts'
import { noteRoutes } from './note/note.routes.ts'
import { eraseTraces } from './privacy/erase-traces.ts'
import { Erasure } from './privacy/erasure.entity.ts'
import { privacyRoutes } from './privacy/privacy.routes.ts'
import { createPrivacyService, Privacy } from './privacy/privacy.service.ts'
import { removeOldEvents, retentionSchedule } from './privacy/retention.ts'
import { Source } from './source/source.entity.ts'
import { customerTags } from './tag/customer-tags.ts'
import { CustomerTag } from './tag/tag.entity.ts'
import { tagRoutes } from './tag/tag.routes.ts'
import { createTagsService, Tags } from './tag/tag.service.ts'
import { keepTraitIndexesJob, mendTraitIndexes } from './trait/keep-trait-indexes.ts'
import { PromotedTrait } from './trait/promoted-trait.entity.ts'
import { TraitDefinition } from './trait/trait-definition.entity.ts'
import { traitRoutes } from './trait/trait.routes.ts'
import { createTraitRegistry, TraitRegistry } from './trait/trait.service.ts'
import { sourceRoutes } from './source/source.routes.ts'
import { createSourcesService, Sources } from './source/source.service.ts'
import { suppressedAddresses } from './suppression/suppressed-customers.ts'
import { CustomerSuppression } from './suppression/customer-suppression.entity.ts'
import { Suppression } from './suppression/suppression.entity.ts'
import { suppressionRoutes } from './suppression/suppression.routes.ts'
import { createSuppressionsService, Suppressions } from './suppression/suppression.service.ts'

const impl = definePlugin({
  id: 'customers',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  options: customersOptions,
  entities: [
    Customer,
    CustomerActivity,
    Identity,
    Merge,
    MergeMove,
    Source,
    CustomerEvent,
    EventDefinition,
    RejectedEvent,
    TraitDefinition,
    PromotedTrait,
    CustomerTag,
    CustomerNote,
    Consent,
    ConsentState,
    Suppression,
    CustomerSuppression,
    Erasure,
  ],
  migrations: {
    '0001-customers': m0001Customers,
    '0002-events': m0002Events,
    '0003-consents': m0003Consents,
    '0004-profiles': m0004Profiles,
    '0005-suppressed': m0005Suppressed,
  },
  settings: [CustomersSettings],
  permissions: {
    'customers:read': { label: 'See customers', roles: ['admin', 'editor', 'viewer'] },
    'customers:write': { label: 'Create, change and remove customers', roles: ['admin', 'editor'] },
    'customers:merge': { label: 'Merge customers, and undo it', roles: ['admin', 'editor'] },
    'customers:export': { label: 'Export everything about a person', roles: ['admin'] },
    'customers:erase': { label: 'Erase persons for good', roles: ['admin'] },
    'consents:read': { label: 'See consents', roles: ['admin', 'editor', 'viewer'] },
    'consents:write': { label: 'Record consents', roles: ['admin', 'editor'] },
    'suppressions:read': { label: 'See suppressions', roles: ['admin', 'editor'] },
    'suppressions:write': { label: 'Add and remove suppressions', roles: ['admin', 'editor'] },
    'traits:promote': { label: 'Have indexes made over traits', roles: ['admin'] },
    'events:read': { label: 'See events', roles: ['admin', 'editor', 'viewer'] },
    'events:write': { label: 'Send rejected events again', roles: ['admin', 'editor'] },
    'events:send': { label: 'Send events, as a source with its write key' },
    'sources:read': { label: 'See sources', roles: ['admin', 'editor', 'viewer'] },
    'sources:write': { label: 'Create sources and change their write keys', roles: ['admin'] },
  },
  errors: customersErrors,
  events: [CustomersMerged, CustomersUnmerged, CustomersErased],
  services: ({ identity, traits, events }) => [
    provide(Declarations, { factory: () => createDeclarations({ traits, events }) }),
    provide(Customers, { factory: createCustomersService }),
    provide(Sources, { factory: createSourcesService }),
    provide(Ingest, { factory: createIngestService, dispose: (ingest) => ingest.idle() }),
    provide(Consents, { factory: createConsentsService }),
    provide(Suppressions, { factory: createSuppressionsService }),
    provide(TraitRegistry, { factory: createTraitRegistry }),
    provide(Tags, { factory: createTagsService }),
    provide(Privacy, { factory: createPrivacyService }),
    provide(Merges, { factory: createMergesService }),
    provide(CustomerEvents, { factory: () => createCustomerEventsService(identityRules(identity)) }),
  ],
  routes: {
    ...customerRoutes,
    ...eventRoutes,
    ...mergeRoutes,
    ...ingestRoutes,
    ...sourceRoutes,
    ...consentRoutes,
    ...suppressionRoutes,
    ...privacyRoutes,
    ...traitRoutes,
    ...tagRoutes,
    ...noteRoutes,
  },
  admin: customersAdmin,
  changes: [marketingChanges, suppressedAddresses, ...factSubscribers],
  handlers: [...consentHandlers, ...factHandlers],
  jobs: [touchHappened, eraseTraces, removeOldEvents, keepTraitIndexesJob],
  start: (ctx) => mendTraitIndexes(ctx),
  schedules: [retentionSchedule],
  contributes: [
    CustomerDetails.add(customerIdentities),
    CustomerDetails.add(customerActivity),
    CustomerDetails.add(customerConsents),
    CustomerDetails.add(customerTags),
    CustomerDetails.add(customerNotes),
    ConditionTypes.add(columnConditions('attribute', Customer)),
    ConditionTypes.add(columnConditions('activity', CustomerActivity)),
    ConditionTypes.add(
      traitConditions('trait', Customer, 'traits', {
        suggest: { from: '/api/v1/trait-definitions?limit=200&sort=name', value: 'name' },
      }),
    ),
    ...[...eventConditions, ...customerConditions].map((type) => ConditionTypes.add(type)),
  ],
})

/** The plugin's routes as typed calls. */
export interface CustomersApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface CustomersShape {
  readonly id: 'customers'
  readonly tables: CustomersTables
  readonly api: CustomersApi
}

/** Customers, how they are known and what they do: the plugin every other one refers to. */
export const customers: ((options?: CustomersOptions) => Plugin<CustomersShape>) & {
  readonly pluginId: 'customers'
} = impl
