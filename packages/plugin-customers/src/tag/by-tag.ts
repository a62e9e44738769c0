import type { ListFilters } from '@clientele/core'
import * as z from 'zod'
import { tagName } from './tag.entity.ts'

const MOST = 10

const params = z.object({
  tag: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(tagName).max(MOST))
    .optional()
    .describe('Customers who have this tag; several, separated by commas: who have all of them'),
})

/** `?tag=vip` of the list of customers. */
export const byTag: ListFilters<typeof params> = {
  params,
  where({ tag }: z.output<typeof params>) {
    if (!tag) return undefined
    return (eb) =>
      eb.and(
        tag.map((name) =>
          eb(
            'customers.id',
            'in',
            eb
              .selectFrom('customerTags')
              .select('customerTags.customerId')
              .where('customerTags.name', '=', name),
          ),
        ),
      )
  },
}
