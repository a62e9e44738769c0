import * as z from 'zod'
import type { AnyCustomerEvent } from './declaration/customer-event.ts'
import type { AnyTraits } from './declaration/traits.ts'
import { identityRulesSchema } from './identity/identity-rules.ts'

export const customersOptions = z.strictObject({
  identity: identityRulesSchema
    .default({ kinds: {}, blocked: [] })
    .describe('How identifiers lead to customers'),
  traits: z
    .custom<AnyTraits>(isTraits, 'must come from defineTraits')
    .optional()
    .describe('Traits whose values are checked, from `defineTraits`; others are taken as they are'),
  events: z
    .array(z.custom<AnyCustomerEvent>(isCustomerEvent, 'must come from defineCustomerEvent'))
    .readonly()
    .refine(areNamedOnce, 'names an event twice')
    .default([])
    .describe(
      'Events whose properties are checked, from `defineCustomerEvent`; others are taken as they are',
    ),
})

/** How customers are known and what they do. */
export type CustomersOptions = z.input<typeof customersOptions>

function isTraits(value: unknown): boolean {
  return (value as AnyTraits | null)?.$$type === 'clientele/traits'
}

function isCustomerEvent(value: unknown): boolean {
  return (value as AnyCustomerEvent | null)?.$$type === 'clientele/customer-event'
}

function areNamedOnce(events: readonly AnyCustomerEvent[]): boolean {
  return new Set(events.map(({ name }) => name as string)).size === events.length
}
