import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { prepareCustomers } from './customer-values.ts'
import { countryCode, isCountryCode, isTimeZone, localeTag } from './place.ts'

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
    phone: col
      .text(z.string().max(50))
      .nullable()
      .pii()
      .index()
      .filterable()
      .searchable()
      .segmentable()
      .describe('E.164. Other forms are read with the customer’s country, else with the tenant’s'),
    status: col.enum(['active', 'archived']).default('active').filterable().sortable().segmentable(),
    country: col
      .text(
        z
          .string()
          .max(100)
          .overwrite((text) => countryCode(text) ?? text)
          .refine(isCountryCode, 'must be a country of ISO 3166, such as BR or Brazil'),
      )
      .nullable()
      .pii()
      .index()
      .filterable()
      .sortable()
      .segmentable()
      .describe('ISO 3166 alpha-2. An English name is taken too'),
    locale: col
      .text(
        z
          .string()
          .max(35)
          .overwrite((text) => localeTag(text) ?? text)
          .refine((text) => localeTag(text) !== null, 'must be a language tag, such as pt-BR'),
      )
      .nullable()
      .pii()
      .filterable()
      .segmentable()
      .describe('BCP 47 tag'),
    timeZone: col
      .text(z.string().max(64).refine(isTimeZone, 'must be an IANA time zone, such as America/Sao_Paulo'))
      .nullable()
      .pii()
      .filterable()
      .segmentable()
      .describe('IANA zone'),
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
    prepare: prepareCustomers,
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
