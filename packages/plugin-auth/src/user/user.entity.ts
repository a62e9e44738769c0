import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** An address as it is compared and stored: without spaces around it, in lower case. */
export const emailSchema = z
  .string()
  .max(254)
  .overwrite((text) => text.trim().normalize('NFC').toLowerCase())
  .pipe(z.email())

/** What people are called. Line breaks and other control characters would end up in mails. */
export const personNameSchema = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain line breaks or other control characters')

/** The languages that mails are written in. */
export const LOCALES = ['en', 'pt'] as const
/** A language that mails are written in. */
export type Locale = (typeof LOCALES)[number]

/**
 * A person who signs in. What they may do is not here: that is what `Access` says of each tenant, and a person without
 * a role in one may do nothing there.
 */
export const User = defineEntity(
  'users',
  {
    email: col.text(emailSchema).unique().filterable().sortable().pii(),
    name: col.text(personNameSchema).default('').filterable().sortable().pii(),
    locale: col.enum(LOCALES).default('en').describe('The language of mails'),
    verifiedAt: col
      .timestamp()
      .nullable()
      .filterable()
      .describe('When the person proved to read this address; null: never'),
    active: col.boolean().default(true).filterable().describe('Whether they may sign in'),
    isOperator: col.boolean().default(false).filterable().describe('Manages tenants of the whole platform'),
    operatorExpiresAt: col
      .timestamp()
      .nullable()
      .describe('Until when an operator who was added may open the account; null once they have'),
    newDeviceMails: col.boolean().default(true).describe('Whether they want to be told of new devices'),
    passwordHash: col.secret().nullable(),
    epoch: col
      .integer()
      .default(0)
      .describe(
        'Grows when everything that lets the person in ends at once; a session counts in its own only',
      ),
    totpSecret: col.secret().nullable(),
    totpConfirmedAt: col.timestamp().nullable().describe('Since when signing in asks for a second factor'),
    totpLastStep: col
      .integer()
      .default(0)
      .describe('The last 30 seconds whose code was used: a code works once'),
    lastSignInAt: col.timestamp().nullable().filterable().sortable(),
  },
  {
    tenancy: { global: 'one person signs in once and may have roles in several tenants' },
    label: 'email',
    singular: 'user',
    description: 'People who sign in',
  },
)

/** A user as queries see one. */
export interface UserRow extends RowOf<typeof User> {}
/** What a new user is made of. */
export interface NewUser extends InsertOf<typeof User> {}
/** What of a user can be changed. */
export interface UserChanges extends PatchOf<typeof User> {}
