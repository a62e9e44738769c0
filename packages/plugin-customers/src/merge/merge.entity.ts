import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'

const json = z.record(z.string(), z.json())

/** Two customers that turned out to be one, with all that is needed to take it back. */
export const Merge = defineEntity(
  'merges',
  {
    survivorId: col
      .ref(() => Customer, { onMerge: 'keep', onErase: 'keep' })
      .index()
      .filterable(),
    mergedId: col
      .ref(() => Customer, { onMerge: 'keep', onErase: 'keep' })
      .index()
      .filterable(),
    cause: col.enum(['identifiers', 'person']).filterable().describe('Events told so, or somebody decided'),
    reason: col.json(json).pii().default({}).describe('The identifiers that met'),
    profile: col
      .json(json)
      .pii()
      .default({})
      .describe('What the merge changed on the survivor: before and after'),
    state: col.enum(['done', 'undone']).default('done').filterable(),
    undoneAt: col.timestamp().nullable(),
  },
  { indexes: [{ on: ['createdAt'] }], description: 'Merges of customers; each can be undone.' },
)

/** Rows that a merge moved, in slices. */
export const MergeMove = defineEntity(
  'mergeMoves',
  {
    mergeId: col.ref(() => Merge, { onDelete: 'cascade' }).index(),
    place: col.integer().describe('The order in which they were moved'),
    rows: col.json(json).describe('Entity, column, ids; rows that went because the survivor had one').pii(),
  },
  { live: false, audited: false, description: 'What each merge moved.' },
)

/** A merge as `t.repo` and the wire show one. */
export interface MergeRow extends RowOf<typeof Merge> {}
