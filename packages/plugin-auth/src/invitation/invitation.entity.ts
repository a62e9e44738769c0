import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Role } from '../role/role.entity.ts'
import { emailSchema, LOCALES } from '../user/user.entity.ts'

/** Somebody who was asked to work in the tenant. Of the token that was mailed only the hash is kept. */
export const Invitation = defineEntity(
  'invitations',
  {
    email: col.text(emailSchema).pii().filterable().sortable(),
    role: col.text(z.string().max(40)).filterable(),
    roleId: col
      .ref(() => Role)
      .nullable()
      .describe('For a role of the tenant’s own'),
    locale: col.enum(LOCALES).default('en').describe('The language of the mail'),
    state: col.enum(['open', 'accepted', 'revoked']).default('open').filterable(),
    tokenHash: col.text(z.string().length(64)).unique(),
    inviterKind: col
      .enum(['account', 'key', 'host'])
      .describe('`host`: the system, or somebody whom only the host knows'),
    invitedBy: col.text(z.string().max(200)),
    expiresAt: col.timestamp().filterable(),
    acceptedAt: col.timestamp().nullable(),
    acceptedBy: col.id().nullable().describe('The user that they are'),
  },
  {
    label: 'email',
    live: { read: 'users:read' },
    indexes: [{ on: ['email'], unique: true, where: "state = 'open'" }],
    description: 'Who was asked to work in the tenant',
  },
)

/** An invitation as queries see one. */
export interface InvitationRow extends RowOf<typeof Invitation> {}
