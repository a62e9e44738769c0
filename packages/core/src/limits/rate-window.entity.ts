import type { Kysely } from 'kysely'
import { col } from '../entity/column.ts'
import { defineEntity, type TableOf } from '../entity/entity.ts'

/** How much of a limit is used up in the window that runs: the truth that all nodes share. */
export const RateWindow = defineEntity(
  'rateWindows',
  {
    key: col.text().unique().describe('Name of the limit, and a hash of whom it counts'),
    used: col.integer().describe('Points that nodes have taken; more than the limit once it is used up'),
    endsAt: col.timestamp().index(),
  },
  {
    tenancy: { global: 'An address is counted before anybody knows which tenant it calls' },
    description: 'Rate limits: what is used up in the window that runs',
  },
)

export type RateWindowsDb = Kysely<{ rateWindows: TableOf<typeof RateWindow> }>
