import { col, defineEntity } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'

/** The next instant at which a customer may enter or leave a segment although nothing happens: a window moves on. */
export const SegmentTimer = defineEntity(
  'segmentTimers',
  {
    segmentId: col.id(),
    customerId: col.ref(() => Customer, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' }),
    at: col.timestamp().index(),
  },
  {
    live: false,
    audited: false,
    derived: true,
    indexes: [{ on: ['segmentId', 'customerId'], unique: true }],
    description: 'When a membership changes by itself.',
  },
)
