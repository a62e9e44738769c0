import { defineExtensionPoint, type Ctx } from '@clientele/core'
import type * as z from 'zod'

/** A part of `GET /api/v1/customers/:id/details` that a higher plugin brings. */
export interface CustomerDetailsSection<T = unknown> {
  /** The section's name in the answer; the plugin's id, or a word that begins with it. */
  readonly key: string
  /** What `load` answers; anything it does not name is left out. */
  readonly schema: z.ZodType<T>
  /** Loads the section of a customer that exists. Keep it to a few indexed reads: a drawer waits for it. */
  load(ctx: Ctx, customerId: string): Promise<T>
}

/**
 * Where plugins that know more about a customer show it: orders its metrics, segments its memberships.
 *
 * @example
 * contributes: [CustomerDetails.add({ key: 'notes', schema, load: (ctx, customerId) => notesOf(ctx, customerId) })]
 */
export const CustomerDetails = defineExtensionPoint<CustomerDetailsSection<any>>('customers.details')
