import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { User } from '../user/user.entity.ts'

/**
 * A place where somebody is signed in: a browser with its cookie, or a program with its tokens. It holds nothing that
 * could be presented: what is handed out is a MAC under the key ring.
 */
export const Session = defineEntity(
  'sessions',
  {
    userId: col.ref(() => User, { onDelete: 'cascade' }).filterable(),
    kind: col.enum(['bearer', 'cookie']).filterable(),
    epoch: col.integer().describe('That of the user when it began; in another one it is over'),
    seed: col.secret().describe('Goes into each refresh token'),
    generation: col
      .integer()
      .default(0)
      .describe('How often it was refreshed: the number of the only good token'),
    refreshedAt: col.timestamp().nullable(),
    ip: col.text(z.string().max(64)).default('').pii().describe('Where it began'),
    userAgent: col.text(z.string().max(300)).default('').pii().describe('What it began with'),
    expiresAt: col.timestamp().index().filterable(),
    endedAt: col.timestamp().nullable().filterable(),
    endedReason: col.enum(['signed-out', 'revoked', 'reused']).nullable(),
  },
  {
    tenancy: { global: 'a session is a person in front of a device, whichever tenants they work in' },
    indexes: [{ on: ['userId', 'createdAt'] }],
    description: 'Where people are signed in',
  },
)

/** A session as queries see one. */
export interface SessionRow extends RowOf<typeof Session> {}
