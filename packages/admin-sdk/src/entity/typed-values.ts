import type { Field } from '../panel/manifest.ts'
import { session } from '../session/session.ts'
import { shownNumber, typedNumber } from '../words/typed-number.ts'
import { fractionDigits, t } from '../words/words.ts'
import type { Row } from './show-value.tsx'

/** What stands in a control: text as it was typed, not yet read. */
export type Typed = string | boolean | null | readonly string[] | TypedMoney

/** An amount of some currency, as it was typed. */
export interface TypedMoney {
  readonly amount: string
  readonly currency: string
}

/** Typed values by field; those that nobody touched are not there. */
export type TypedValues = Readonly<Record<string, Typed>>

/** A value of a row as it stands in its control. */
export function typedOf({ kind, items }: Field, value: unknown): Typed {
  if (kind === 'boolean') return value === true
  if (items) return Array.isArray(value) ? value.map(String) : []
  if (kind === 'money') {
    const { amount, currency } = (value ?? {}) as { amount?: number; currency?: string }
    const own = currency ?? tenantCurrency()
    return { amount: amount === undefined ? '' : major(amount, own), currency: own }
  }
  if (value === null || value === undefined) return kind === 'ref' || kind === 'timestamp' ? null : ''
  if (kind === 'amount') return major(Number(value), tenantCurrency())
  if (kind === 'integer' || kind === 'real') return shownNumber(Number(value))
  return kind === 'json' ? JSON.stringify(value, null, 2) : String(value)
}

/** What was typed as the API takes it, or why it cannot be. Undefined: there is nothing to send. */
export function valueOf(
  field: Field,
  typed: Typed,
): { readonly value: unknown } | { readonly problem: string } {
  const { kind, items, nullable } = field
  if (typed === null || typed === '') return { value: nullable ? null : kind === 'text' ? '' : undefined }
  if (items && Array.isArray(typed)) return listOf(items, typed as readonly string[])
  if (kind === 'money') {
    const { amount, currency } = typed as TypedMoney
    if (amount.trim() === '') return { value: nullable ? null : undefined }
    const code = currency.trim().toUpperCase()
    const number = typedNumber(amount)
    if (number === null) return { problem: t('form.number') }
    return { value: { amount: minor(number, code), currency: code } }
  }
  if (kind === 'json') return parsed(String(typed))
  if (kind === 'amount' || kind === 'integer' || kind === 'real') {
    const number = typedNumber(String(typed))
    if (number === null) return { problem: t('form.number') }
    return { value: kind === 'amount' ? minor(number, tenantCurrency()) : number }
  }
  return { value: typed }
}

/** The typed values as the body of a request, or what is wrong with each. */
export function bodyOf(
  fields: readonly Field[],
  typed: TypedValues,
): { readonly body: Row; readonly problems: Readonly<Record<string, string>> } {
  const body: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fields) {
    const own = typed[field.name]
    if (own === undefined) continue
    const read = valueOf(field, own)
    if ('problem' in read) problems[field.name] = read.problem
    else if (read.value !== undefined) body[field.name] = read.value
  }
  return { body, problems }
}

function listOf(items: 'string' | 'number', typed: readonly string[]) {
  if (items === 'string') return { value: typed }
  const numbers = typed.map(typedNumber)
  return numbers.includes(null) ? { problem: t('form.number') } : { value: numbers }
}

function parsed(text: string) {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { problem: t('form.json', { reason: (error as Error).message }) }
  }
}

function major(amount: number, currency: string): string {
  return shownNumber(amount / 10 ** fractionDigits(currency))
}

function minor(number: number, currency: string): number {
  // A currency that the browser does not know has two digits until the server says otherwise.
  const digits = /^[A-Z]{3}$/.test(currency) ? fractionDigits(currency) : 2
  return Math.round(number * 10 ** digits)
}

function tenantCurrency(): string {
  return session.value?.tenant.currency ?? 'EUR'
}
