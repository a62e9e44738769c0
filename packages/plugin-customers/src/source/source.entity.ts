import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** Where events come from: a web site, a server, an app. Each has a write key of its own, of which the hash is kept. */
export const Source = defineEntity(
  'sources',
  {
    name: col.text(z.string().min(1).max(200)).unique().filterable().sortable(),
    keyHash: col
      .text(z.string().regex(/^[0-9a-f]{64}$/))
      .unique()
      .describe('SHA-256 of the write key'),
    keyHint: col.text(z.string().max(10)).describe('The last letters of the write key'),
    enabled: col.boolean().default(true).filterable(),
    lastSeenAt: col.timestamp().nullable().sortable(),
  },
  { label: 'name', description: 'Where events come from.' },
)

/** A source as `t.repo` shows one. */
export interface SourceRow extends RowOf<typeof Source> {}
