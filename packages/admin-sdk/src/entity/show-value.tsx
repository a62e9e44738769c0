import type { ComponentChildren } from 'preact'
import type { Field } from '../panel/manifest.ts'
import { fmt, t } from '../words/words.ts'
import { valueTitle } from './names.ts'

/** A row as the API answers it. */
export type Row = Readonly<Record<string, unknown>>

/** A value of a row by its path: `metrics.orderCount`. */
export function valueAt(row: Row, name: string): unknown {
  return name.split('.').reduce<unknown>((value, key) => (value as Row | null | undefined)?.[key], row)
}

/**
 * A value as people read it; null when there is none.
 * @param entity whose field it is, for the names of an enum's values
 */
export function showValue({ kind, name }: Field, value: unknown, entity = ''): ComponentChildren {
  if (value === null || value === undefined || value === '') return null
  if (kind === 'timestamp') return <time dateTime={String(value)}>{fmt.time(String(value))}</time>
  if (kind === 'amount') return fmt.money(Number(value))
  if (kind === 'money') {
    const { amount, currency } = value as { amount: number; currency: string }
    return fmt.money(amount, currency)
  }
  if (kind === 'integer' || kind === 'real') return fmt.number(Number(value))
  if (kind === 'boolean') return t(value ? 'yes' : 'no')
  if (kind === 'enum')
    return <span class={`badge ${String(value)}`}>{valueTitle(entity, name, String(value))}</span>
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : one)).join(', ')
  if (kind === 'json')
    return Object.keys(value).length > 0 ? <pre>{JSON.stringify(value, null, 2)}</pre> : null
  return String(value)
}
