import { defineDomainEvent, uuidSchema } from '@clientele/core'
import * as z from 'zod'

const merge = z.object({ mergeId: uuidSchema, survivorId: uuidSchema, mergedId: uuidSchema })

/** Two customers are one now: all rows of `mergedId` follow to `survivorId`. Whoever sums over rows sums again. */
export const CustomersMerged = defineDomainEvent('customers.merged', merge)

/**
 * A person was erased: `personId`, and all customers that were merged into them. Whoever keeps copies elsewhere removes
 * them; what is in the database follows its references by itself.
 */
export const CustomersErased = defineDomainEvent(
  'customers.erased',
  z.object({ personId: uuidSchema, customerIds: z.array(uuidSchema) }),
)

/** A merge was taken back: the rows it moved are with `mergedId` again. */
export const CustomersUnmerged = defineDomainEvent('customers.unmerged', merge)
