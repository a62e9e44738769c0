import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { emailSchema, LOCALES, personNameSchema, User } from '../user/user.entity.ts'

/** What a code is for; a code for one thing is none for another. */
export const codePurposes = ['register', 'reset', 'email'] as const
export type CodePurpose = (typeof codePurposes)[number]

/**
 * A code that was asked for. Its id is the request that it answers: whoever has the mail but not the request cannot use
 * it. What the request wanted waits here until the address is proved, so that nothing is ever set on an account by
 * somebody who only knows its address.
 */
export const Code = defineEntity(
  'codes',
  {
    purpose: col.enum(codePurposes),
    email: col.text(emailSchema).pii().describe('Where it was sent'),
    userId: col.ref(() => User, { onDelete: 'cascade' }).nullable(),
    codeHash: col
      .text(z.string().length(43))
      .nullable()
      .describe('A keyed hash; null: nothing was sent, and no code is right'),
    triesLeft: col.integer(),
    usedAt: col.timestamp().nullable(),
    expiresAt: col.timestamp().index(),
    name: col.text(personNameSchema).default('').pii(),
    locale: col.enum(LOCALES).default('en'),
    passwordHash: col.secret().nullable(),
  },
  {
    tenancy: { global: 'it is asked for before anybody is known' },
    audited: false,
    indexes: [{ on: ['purpose', 'email'], unique: true, where: 'used_at IS NULL' }],
    description: 'Codes that were mailed and are still good',
  },
)

/** A code as queries see one. */
export interface CodeRow extends RowOf<typeof Code> {}
