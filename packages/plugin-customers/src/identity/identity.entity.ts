import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'

/**
 * A way a customer is known: a user id, an anonymous id of a browser, an address, a number, or a kind of the shop's
 * own. A value belongs to one customer; a customer has several.
 */
export const Identity = defineEntity(
  'identities',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'delete', onDelete: 'cascade' })
      .index()
      .filterable(),
    type: col
      .text(z.string().min(1).max(50))
      .filterable()
      .describe('userId, anonymousId, email, phone, or a kind of the shop’s own'),
    value: col.text(z.string().min(1).max(500)).pii().filterable(),
    firstSeenAt: col.timestamp(),
    lastSeenAt: col.timestamp(),
  },
  {
    live: false,
    indexes: [{ on: ['type', 'value'], unique: true }],
    singular: 'identity',
    description: 'The ways customers are known.',
  },
)

/** An identity as `t.repo` and the wire show one. */
export interface IdentityRow extends RowOf<typeof Identity> {}
