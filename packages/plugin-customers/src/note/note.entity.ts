import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'

/** What somebody has written down about a customer. */
export const CustomerNote = defineEntity(
  'customerNotes',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'delete', onDelete: 'cascade' })
      .filterable(),
    text: col.text(z.string().trim().min(1).max(10_000)).pii().searchable(),
    authorKind: col.text(z.string().max(20)).filterable().describe('user, key, plugin, system'),
    authorId: col.text(z.string().max(200)).filterable().describe('Who wrote it'),
  },
  {
    label: 'text',
    indexes: [{ on: ['customerId', 'createdAt'] }],
    description: 'What people write down about customers.',
  },
)

/** A note as `t.repo` and the wire show one. */
export interface CustomerNoteRow extends RowOf<typeof CustomerNote> {}
