import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'

/**
 * A word somebody has put on customers: without commas, which separate tags in a filter. Its pattern stands in JSON
 * Schemas, so it is one that every language reads.
 */
export const tagName = z
  .string()
  .trim()
  .min(1)
  .max(50)
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  .regex(/^[^,\u0000-\u001f\u007f-\u009f]*$/, 'must not hold commas or control characters')

/** A word on a customer; a customer has it once. A merge leaves the union. */
export const CustomerTag = defineEntity(
  'customerTags',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'unique', onErase: 'delete', onDelete: 'cascade' })
      .filterable(),
    name: col.text(tagName).filterable().sortable().searchable(),
  },
  {
    label: 'name',
    live: { read: 'customers:read' },
    indexes: [{ on: ['customerId', 'name'], unique: true }, { on: ['name', 'customerId'] }],
    description: 'Words that people put on customers.',
  },
)

/** A tag as `t.repo` and the wire show one. */
export interface CustomerTagRow extends RowOf<typeof CustomerTag> {}
