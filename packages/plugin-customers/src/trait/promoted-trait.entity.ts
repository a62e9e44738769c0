import { col, defineEntity } from '@clientele/core'
import * as z from 'zod'

/** Whether a promoted trait can be asked for quickly by now. */
const promotionStates = ['building', 'ready'] as const

/** Traits that an index leads to. */
export const PromotedTrait = defineEntity(
  'promotedTraits',
  {
    name: col.text(z.string().min(1).max(100)).unique(),
    tenants: col.integer().describe('How many tenants asked for it'),
    state: col.enum(promotionStates),
  },
  {
    label: 'name',
    live: false,
    tenancy: { global: 'an index is of the table, and the table is of all tenants' },
    description: 'Traits with an index of their own.',
  },
)
