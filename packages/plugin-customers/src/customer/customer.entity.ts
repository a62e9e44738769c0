import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'

/**
 * Someone who buys: the row every other plugin refers to. Nothing but its id is certain; a customer known by a number
 * of another system has `source` and `externalId` and perhaps no name.
 */
export const Customer = defineEntity(
  'customers',
  {
    firstName: col
      .text(z.string().max(200))
      .nullable()
      .pii()
      .filterable()
      .sortable()
      .searchable()
      .segmentable(),
    lastName: col
      .text(z.string().max(200))
      .nullable()
      .pii()
      .filterable()
      .sortable()
      .searchable()
      .segmentable(),
    email: col
      .text(z.email().max(254).toLowerCase())
      .nullable()
      .pii()
      .index()
      .filterable()
      .sortable()
      .searchable()
      .segmentable()
      .describe('In lower case. Two customers may share one'),
    phone: col.text(z.string().max(50)).nullable().pii().filterable().searchable().segmentable(),
    status: col.enum(['active', 'archived']).default('active').filterable().sortable().segmentable(),
    country: col
      .text(z.string().max(100))
      .nullable()
      .pii()
      .index()
      .filterable()
      .sortable()
      .segmentable()
      .describe('As the source writes it: a name or an ISO code'),
    locale: col
      .text(z.string().min(2).max(35))
      .nullable()
      .pii()
      .filterable()
      .segmentable()
      .describe('BCP 47 tag'),
    timeZone: col.text(z.string().max(64)).nullable().pii().filterable().segmentable().describe('IANA zone'),
    acceptsMarketing: col
      .boolean()
      .default(false)
      .filterable()
      .sortable()
      .segmentable()
      .describe('The consent to marketing by every channel; writing it adds an entry to the ledger'),
    traits: col
      .json(z.record(z.string().min(1).max(100), z.unknown()))
      .default({})
      .pii()
      .segmentable()
      .describe('What the shop knows besides: any JSON by name'),
  },
  {
    label: 'email',
    subject: true,
    softDelete: true,
    importable: true,
    // Counts take removed customers off; there are few.
    indexes: [{ on: ['createdAt'] }, { on: ['id'], where: 'deleted_at IS NOT NULL' }],
    description: 'Someone who buys.',
  },
)

/** A customer as `t.repo` and the wire show one. */
export interface CustomerRow extends RowOf<typeof Customer> {}
/** What creating a customer takes: all of it may be left out. */
export interface NewCustomer extends InsertOf<typeof Customer> {}
/** What changing a customer takes: what is left out stays. */
export interface CustomerChanges extends PatchOf<typeof Customer> {}
