import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { consentStates } from './consent-answer.ts'

/** A purpose or a channel: `marketing`, `email`, `partner-offers`. */
export const slug = z
  .string()
  .max(50)
  .regex(/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/, 'lower-case words, such as marketing or partner-offers')

export { consentStates }

/** The purpose whose answer for all channels stands in the customer's `acceptsMarketing` too. */
export const MARKETING = 'marketing'

/** In a state: the answer holds for every channel. */
export const ALL_CHANNELS = '*'

const json = z.record(z.string(), z.json())

/** What a customer answered, with the proof of it. Append-only: whoever changes their mind adds an entry. */
export const Consent = defineEntity(
  'consents',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'anonymise', onDelete: 'cascade' })
      .nullable()
      .filterable(),
    purpose: col
      .text(slug)
      .filterable()
      .describe('What for: marketing, profiling, or a purpose of the shop’s own'),
    channel: col.text(slug).nullable().filterable().describe('email, sms, …; null: every channel'),
    state: col
      .enum(consentStates)
      .filterable()
      .describe('granted; denied: asked and refused; revoked: granted before and taken back'),
    textVersion: col
      .text(z.string().max(200))
      .nullable()
      .filterable()
      .describe('Which wording was shown: a version, a date, a hash'),
    via: col.text(slug).filterable().describe('Where it was said: form, api, import, double-opt-in'),
    at: col.timestamp().filterable().sortable().describe('When it was said'),
    ip: col.text(z.string().max(45)).nullable().pii(),
    proof: col.json(json).default({}).pii().describe('Whatever else proves it: the page, the form, the mail'),
  },
  {
    live: false,
    indexes: [{ on: ['customerId', 'purpose', 'at'] }],
    description: 'What customers agreed to, and what they took back.',
  },
)

/** What holds now, by customer, purpose and channel; it follows from the ledger. */
export const ConsentState = defineEntity(
  'consentStates',
  {
    customerId: col
      .ref(() => Customer, { onMerge: 'unique', onErase: 'delete', onDelete: 'cascade' })
      .filterable(),
    purpose: col.text(slug).filterable(),
    channel: col
      .text(z.union([slug, z.literal(ALL_CHANNELS)]))
      .filterable()
      .describe('* for every channel'),
    state: col.enum(consentStates).filterable(),
    since: col.timestamp().filterable(),
  },
  {
    live: false,
    audited: false,
    indexes: [{ on: ['customerId', 'purpose', 'channel'], unique: true }, { on: ['purpose', 'state'] }],
    description: 'What customers agree to now.',
  },
)

/** An entry of the ledger as `t.repo` and the wire show one. */
export interface ConsentRow extends RowOf<typeof Consent> {}
/** A state as `t.repo` and the wire show one. */
export interface ConsentStateRow extends RowOf<typeof ConsentState> {}
