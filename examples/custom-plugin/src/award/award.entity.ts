import { col, defineEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'

export const awardColumns = {
  customerId: col
    .ref(() => Customer, { onDelete: 'cascade', onMerge: 'move', onErase: 'delete' })
    .filterable(),
  points: col.integer(z.int().min(1).max(10_000)).filterable().sortable(),
  reason: col.text(z.string().min(1).max(200)).searchable(),
}

/** Points that a customer was given once. */
export const Award = defineEntity('loyaltyAwards', awardColumns, {
  label: 'reason',
  description: 'Points that customers were given.',
})

/** An award as `t.repo` and the wire show one. */
export interface AwardRow extends RowOf<typeof Award> {}
