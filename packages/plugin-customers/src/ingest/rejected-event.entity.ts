import { col, defineEntity } from '@clientele/core'
import * as z from 'zod'
import { Source } from '../source/source.entity.ts'

/** An event that was not taken, with the reason: it can be mended and sent again. */
export const RejectedEvent = defineEntity(
  'rejectedEvents',
  {
    sourceId: col
      .ref(() => Source)
      .nullable()
      .filterable(),
    code: col.text(z.string().max(100)).filterable().describe('invalid_event, too_large, …'),
    message: col.text(z.string().max(1000)),
    payload: col.text(z.string()).pii().describe('The event as JSON'),
    receivedAt: col.timestamp().filterable().sortable(),
    state: col.enum(['rejected', 'replayed']).default('rejected').filterable(),
  },
  {
    live: false,
    audited: false,
    indexes: [{ on: ['receivedAt'] }],
    description: 'Events that were not taken.',
  },
)
