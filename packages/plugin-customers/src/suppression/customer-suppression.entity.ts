import { col, defineEntity } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import { Suppression, suppressionScopes } from './suppression.entity.ts'

/**
 * Customers whose own address must not be written to, so that conditions can ask for them: the list itself holds hashes,
 * which no database can make. It follows from the list and from the customers' addresses; hand-offs ask the list.
 */
export const CustomerSuppression = defineEntity(
  'customerSuppressions',
  {
    customerId: col.ref(() => Customer, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' }),
    suppressionId: col.ref(() => Suppression, { onDelete: 'cascade' }).index(),
    kind: col.enum(['email', 'phone']),
    scope: col.enum(suppressionScopes),
  },
  {
    live: false,
    audited: false,
    derived: true,
    indexes: [{ on: ['customerId', 'kind'], unique: true }, { on: ['kind', 'customerId'] }],
    description: 'Customers whose address must not be written to.',
  },
)
