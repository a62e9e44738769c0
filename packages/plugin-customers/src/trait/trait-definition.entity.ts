import { col, defineEntity } from '@clientele/core'
import * as z from 'zod'

/** What a trait's values are; `mixed` once two kinds were seen. */
export const traitKinds = ['text', 'number', 'boolean', 'list', 'object', 'mixed'] as const
export type TraitKind = (typeof traitKinds)[number]

/** The traits that have been seen, with what their values are. */
export const TraitDefinition = defineEntity(
  'traitDefinitions',
  {
    name: col.text(z.string().min(1).max(100)).unique().filterable().sortable().searchable(),
    kind: col.enum(traitKinds).filterable(),
    description: col.text(z.string().max(2000)).nullable(),
    firstSeenAt: col.timestamp().nullable(),
    lastSeenAt: col.timestamp().nullable().sortable(),
    promotedAt: col
      .timestamp()
      .nullable()
      .describe('Since when an index leads to its values; null: every customer is looked at'),
  },
  { label: 'name', live: false, description: 'The traits a shop knows.' },
)
