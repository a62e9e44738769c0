import { col, defineEntity } from '@clientele/core'

/** That the first operator was set up. There is at most one row: whoever writes it is the first. */
export const Setup = defineEntity(
  'setups',
  { what: col.enum(['operator']).unique(), userId: col.id() },
  {
    tenancy: { global: 'it is about the installation, before there is any tenant' },
    description: 'That the installation was set up',
  },
)
