import type { Timestamp } from '@clientele/core'
import type { CustomerChanges, CustomerRow } from '../customer/customer.entity.ts'
import { Customer } from '../customer/customer.entity.ts'
import type { ReadPhone } from '../customer/phone.ts'
import { countryCode } from '../customer/place.ts'
import type { JsonObject } from './message.ts'

/** Where clients put what a customer's own columns hold: the names of the Segment specification, and ours. */
const COLUMNS: Readonly<Record<string, keyof CustomerChanges>> = {
  firstName: 'firstName',
  first_name: 'firstName',
  lastName: 'lastName',
  last_name: 'lastName',
  email: 'email',
  phone: 'phone',
  locale: 'locale',
  language: 'locale',
  timeZone: 'timeZone',
  timezone: 'timeZone',
  country: 'country',
}

/** As long as a trait's name may be; what has a longer one, or none, stays with its event alone. */
const LONGEST_NAME = 100

/** What somebody was said to be. */
export interface Said {
  readonly traits: JsonObject
  readonly occurredAt: Timestamp
}

/** What is known besides when traits change a customer. */
export interface ProfileScope {
  readonly readPhone: ReadPhone
  /** What an event that happened later has said already, by {@link targetsOf}. */
  readonly settled: ReadonlySet<string>
}

/**
 * What traits change about a customer: those that a column holds go there when they fit, all others become traits of
 * that name. `null` takes a trait away. What says nothing new is left out; null when nothing is left.
 */
export function profileChanges(
  row: Partial<CustomerRow>,
  traits: JsonObject,
  { readPhone, settled }: ProfileScope,
): CustomerChanges | null {
  const columns: Record<string, unknown> = {}
  const own: Record<string, unknown> = { ...row.traits }
  let isOther = false
  const given = expanded(traits)
  const country = countryIn(given) ?? row.country ?? null
  for (const [name, value] of Object.entries(given)) {
    if (!isTraitName(name) || settled.has(targetOf(name))) continue
    const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name]! : null
    const fitting = column === null ? null : fits(column, value, (text) => readPhone(text, country))
    if (column !== null && fitting !== null) {
      if (row[column as keyof CustomerRow] !== fitting.value) columns[column] = fitting.value
    } else if (value === null ? Object.hasOwn(own, name) : !isSame(own[name], value)) {
      if (value === null) delete own[name]
      else own[name] = value
      isOther = true
    }
  }
  if (isOther) columns['traits'] = own
  return Object.keys(columns).length > 0 ? columns : null
}

/** True for what a customer's traits can be called. */
export function isTraitName(name: string): boolean {
  return name.length > 0 && name.length <= LONGEST_NAME
}

/** What traits speak of: the column, or the trait of that name. */
export function targetsOf(traits: JsonObject): string[] {
  return Object.keys(expanded(traits)).map(targetOf)
}

/** The country that traits name, as a code. */
export function countryIn(traits: JsonObject): string | null {
  const { country, address } = traits as { country?: unknown; address?: { country?: unknown } | null }
  const text = country ?? address?.country
  return typeof text === 'string' ? countryCode(text) : null
}

function targetOf(name: string): string {
  return Object.hasOwn(COLUMNS, name) ? COLUMNS[name]! : name
}

/** `name` is a first and a last name, `address.country` a country. */
function expanded(traits: JsonObject): JsonObject {
  const more: Record<string, unknown> = {}
  const { name, address } = traits as { name?: unknown; address?: unknown }
  if (typeof name === 'string' && !('firstName' in traits) && !('first_name' in traits)) {
    const [first = '', ...rest] = name.trim().split(/\s+/)
    if (first !== '') more['firstName'] = first
    if (rest.length > 0) more['lastName'] = rest.join(' ')
  }
  const country = (address as { country?: unknown } | null | undefined)?.country
  if (typeof country === 'string' && !('country' in traits)) more['country'] = country
  return { ...traits, ...more }
}

/** The value as the column takes it, or null when it does not: then it stays a trait, and nothing is lost. */
function fits(
  column: string,
  value: unknown,
  phoneOf: (text: string) => string | null,
): { readonly value: unknown } | null {
  if (value === null) return { value: null }
  if (column === 'phone') {
    const phone = typeof value === 'string' ? phoneOf(value) : null
    return phone === null ? null : { value: phone }
  }
  const schema = Customer.columns[column as keyof typeof Customer.columns].spec.schema
  const parsed = schema.safeParse(typeof value === 'string' ? value.trim() : value)
  return parsed.success ? { value: parsed.data } : null
}

function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  )
}
