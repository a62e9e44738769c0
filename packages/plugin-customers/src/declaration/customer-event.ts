import type * as z from 'zod'

/** An event of customers, declared in code: made by {@link defineCustomerEvent}. */
export interface CustomerEventDefinition<N extends string = string, S extends z.ZodType = z.ZodType> {
  readonly $$type: 'clientele/customer-event'
  readonly name: N
  readonly schema: S
  /** Name and properties, checked by the compiler: `track(t, { who, ...ProductViewed.of({ sku: 'TEAPOT' }) })`. */
  of(properties: z.input<S>): { readonly name: N; readonly properties: z.input<S> }
}

// `any`: declarations of unrelated events.
export type AnyCustomerEvent = CustomerEventDefinition<any, any>

/** The properties of a declared event. */
export type EventOf<E> = E extends CustomerEventDefinition<string, infer S> ? z.input<S> : never

/**
 * Declares an event that customers do: given to `customers({ events: [ProductViewed] })`, one with other properties is
 * refused with the names of its fields, wherever it comes from; given to builders of conditions it carries the types.
 * The schema checks and never changes what was sent; fields that a `z.object` does not name are kept. Events that are not
 * declared are taken as ever.
 *
 * @example
 * export const ProductViewed = defineCustomerEvent('Product Viewed', z.object({ sku: z.string(), price: z.number() }))
 */
export function defineCustomerEvent<const N extends string, S extends z.ZodType<Record<string, unknown>>>(
  name: N,
  schema: S,
): CustomerEventDefinition<N, S> {
  return { $$type: 'clientele/customer-event', name, schema, of: (properties) => ({ name, properties }) }
}
