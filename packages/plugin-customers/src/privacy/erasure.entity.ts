import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { slug } from '../consent/consent.entity.ts'

/** What became of the rows of one column. */
export const erasedCount = z.object({
  entity: z.string(),
  column: z.string(),
  rows: z.number().int(),
  how: z.enum(['delete', 'anonymise', 'keep']),
})

/**
 * That somebody was erased, without a word about who it was: what a database restored from an older backup must do
 * again. One row for each customer of the person; the ids outlive the rows they named, so they are no references.
 */
export const Erasure = defineEntity(
  'erasures',
  {
    customerId: col.id().unique().filterable(),
    personId: col.id().filterable().describe('The customer into whom the others of the person were merged'),
    reason: col.text(slug).filterable().describe('request, retention, or a word of the shop’s own'),
    actorKind: col.text(z.string().max(50)),
    actorId: col.text(z.string().max(200)).filterable(),
    at: col.timestamp().filterable().sortable(),
    counts: col.json(z.array(erasedCount)).describe('What became of how many rows'),
  },
  { live: false, indexes: [{ on: ['at'] }], description: 'Who was erased, by id.' },
)

/** An erasure as `t.repo` and the wire show one. */
export interface ErasureRow extends RowOf<typeof Erasure> {}
