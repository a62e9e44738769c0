import * as z from 'zod'

/** What an endpoint wants to hear: at least one of both. */
export const subscriptionsSchema = z
  .strictObject({
    events: z
      .array(z.string().min(1).max(200))
      .max(200)
      .default([])
      .describe('Names of domain events: orders.paid'),
    customerEvents: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200).describe('Of a tracked event: Product Viewed'),
          where: z
            .strictObject({
              property: z.string().min(1).max(200),
              equals: z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]),
            })
            .optional()
            .describe('Only events of which this property is just so'),
        }),
      )
      .max(100)
      .default([]),
  })
  .refine(
    ({ events, customerEvents }) => events.length + customerEvents.length > 0,
    'expected at least one event to send',
  )

export type Subscriptions = z.output<typeof subscriptionsSchema>

/** What customers do goes out under this type; which of it is in `data.name`. */
export const CUSTOMER_EVENT_TYPE = 'customers.event_tracked'

/** Whether a domain event is wanted. */
export function wantsEvent({ events }: Subscriptions, name: string): boolean {
  return events.includes(name)
}

/** Whether something a customer did is wanted. */
export function wantsCustomerEvent(
  { customerEvents }: Subscriptions,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): boolean {
  return customerEvents.some(
    (filter) =>
      filter.name === name &&
      (!filter.where ||
        (Object.hasOwn(properties, filter.where.property) &&
          properties[filter.where.property] === filter.where.equals)),
  )
}
