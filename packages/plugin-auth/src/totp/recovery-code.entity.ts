import { col, defineEntity } from '@clientele/core'
import * as z from 'zod'
import { User } from '../user/user.entity.ts'

/** A code on paper that stands in for a lost authenticator, once. */
export const RecoveryCode = defineEntity(
  'recoveryCodes',
  {
    userId: col.ref(() => User, { onDelete: 'cascade' }),
    codeHash: col.text(z.string().length(43)).describe('A keyed hash'),
    usedAt: col.timestamp().nullable(),
  },
  {
    tenancy: { global: 'it belongs to a person, as the authenticator it stands in for' },
    audited: false,
    indexes: [{ on: ['userId', 'codeHash'], unique: true }],
    description: 'Codes that stand in for a lost authenticator',
  },
)
