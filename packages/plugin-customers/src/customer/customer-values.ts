import { isDeepStrictEqual } from 'node:util'
import { TenantSettings, type Ctx, type PreparedWrite, type Tx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import { CustomersSettings } from '../customers.settings.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { Declarations } from '../declaration/declarations.ts'
import type { JsonObject } from '../ingest/message.ts'
import { phoneReader } from './phone.ts'
import { countryCode, countryOfLocale } from './place.ts'

type Values = PreparedWrite['values']

/**
 * Customers as they are stored: telephone numbers in E.164, countries as codes, declared traits as they are declared.
 * @throws `customers.invalid_phone`, `customers.invalid_traits`
 */
export async function prepareCustomers(
  t: Tx<CustomersTables>,
  writes: readonly PreparedWrite[],
): Promise<readonly Values[]> {
  for (const write of writes) await refuseTraits(t, write)
  const placed = writes.map(({ id, values }) => ({ id, values: withCountryCode(values) }))
  const prepared: Values[] = []
  for (const write of placed) prepared.push(await withPhone(t, write))
  return prepared
}

/** Where telephone numbers without a country are from when the customer does not say it; null: nobody knows. */
export async function tenantCountry(ctx: Ctx): Promise<string | null> {
  const { country } = await ctx.settings(CustomersSettings)
  return country ?? countryOfLocale((await ctx.settings(TenantSettings)).locale)
}

/** Values that were there before their trait was declared stay until somebody changes them. */
async function refuseTraits(t: Tx<CustomersTables>, { id, values }: PreparedWrite): Promise<void> {
  const { traits } = values as { readonly traits?: JsonObject }
  const declared = t.get(Declarations)
  if (!traits || declared.traitIssues(traits).length === 0) return
  const row =
    id === null
      ? undefined
      : await t.db.selectFrom('customers').select('traits').where('id', '=', id).executeTakeFirst()
  const known: JsonObject = row?.traits ?? {}
  const changed = Object.entries(traits).filter(([name, value]) => !isDeepStrictEqual(value, known[name]))
  const issues = declared.traitIssues(Object.fromEntries(changed))
  if (issues.length > 0) throw customersErrors['customers.invalid_traits']({ issues })
}

function withCountryCode(values: Values): Values {
  const { country } = values
  if (typeof country !== 'string') return values
  const code = countryCode(country)
  return code === null || code === country ? values : { ...values, country: code }
}

async function withPhone(t: Tx<CustomersTables>, { id, values }: PreparedWrite): Promise<Values> {
  const { phone } = values
  if (typeof phone !== 'string') return values
  const read = await phoneReader()
  const country = phone.trimStart().startsWith('+') ? null : await countryOf(t, { id, values })
  const number = read(phone, country)
  if (number === null) throw customersErrors['customers.invalid_phone']({ field: 'phone', country })
  return number === phone ? values : { ...values, phone: number }
}

async function countryOf(
  t: Tx<CustomersTables>,
  { id, values: { country } }: PreparedWrite,
): Promise<string | null> {
  if (typeof country === 'string') return country
  const row =
    country === undefined && id !== null
      ? await t.db.selectFrom('customers').select('country').where('id', '=', id).executeTakeFirst()
      : undefined
  return row?.country ?? tenantCountry(t)
}
