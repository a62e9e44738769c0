import type { Money } from '../entity/money.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { parseJson } from '../http/safe-json.ts'
import { toTimestamp } from '../ports/clock.ts'
import { minorDigits } from '../ports/rates.ts'
import type { CsvField } from './csv-field.ts'

/** Why a cell is no value of its field; goes on after "the value": `is no whole number`. */
export class CellProblem {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * The text of a value in a file; null is the empty cell. {@link valueOf} is its inverse. Texts that a spreadsheet would
 * take for a formula get an apostrophe in front, and so does the empty text, which is not the empty cell.
 *
 * @param value the row's value of `field.column`: for both fields of money the whole money
 */
export function cellOf(field: CsvField, value: unknown): string {
  if (value === null || value === undefined) return ''
  switch (field.kind) {
    case 'text':
    case 'enum':
    case 'secret':
      return guarded(value as string)
    case 'json':
      return JSON.stringify(value)
    case 'money':
      return field.part === 'currency' ? (value as Money).currency : decimalOf(value as Money)
    default:
      return `${value as string | number | boolean}`
  }
}

/**
 * The value of a cell; undefined when the cell is empty. Blanks around anything but text do not count. Of money it is
 * the amount's or the currency's text, which {@link moneyOf} puts together.
 */
export function valueOf(field: CsvField, cell: string): unknown {
  if (cell === '') return undefined
  switch (field.kind) {
    case 'text':
    case 'secret':
      return unguarded(cell)
    case 'enum':
      return oneOf(field.allowed ?? [], unguarded(cell))
    default: {
      const text = cell.trim()
      return text === '' ? undefined : readers[field.kind](text, field)
    }
  }
}

/** Money of its two cells as {@link valueOf} gave them; undefined when both are empty. */
export function moneyOf(amount: unknown, currency: unknown): Money | CellProblem | undefined {
  if (amount === undefined && currency === undefined) return undefined
  if (amount === undefined) return new CellProblem('has a currency without an amount')
  if (currency === undefined) return new CellProblem('has an amount without a currency')
  const digits = minorDigits(currency as string)
  const [whole = '', fraction = ''] = (amount as string).split('.')
  if (/[1-9]/.test(fraction.slice(digits)))
    return new CellProblem(
      `has more than ${digits} digits after the point, and ${currency as string} has no more`,
    )
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  if (!Number.isSafeInteger(minor)) return new CellProblem('is too large an amount')
  return { amount: minor === 0 ? 0 : minor, currency: currency as string }
}

/** What a spreadsheet takes for the beginning of a formula, behind any apostrophes of ours; also of nothing at all. */
const FORMULA = /^'*(?:$|[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])/

function guarded(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

function unguarded(cell: string): string {
  return cell.charCodeAt(0) === 39 && FORMULA.test(cell) ? cell.slice(1) : cell
}

function oneOf(allowed: readonly string[], text: string): string | CellProblem {
  if (allowed.includes(text)) return text
  const trimmed = text.trim()
  if (allowed.includes(trimmed)) return trimmed
  return new CellProblem(`is none of the allowed values, which are ${allowed.join(', ')}`)
}

function decimalOf({ amount, currency }: Money): string {
  const digits = minorDigits(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return amount < 0 ? `-${decimal}` : decimal
}

type Read = (text: string, field: CsvField) => unknown

const INTEGER = /^[+-]?\d{1,16}$/
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
}

const uuid: Read = (text) =>
  UUID.test(text)
    ? text.toLowerCase()
    : new CellProblem('is no UUID, such as 0199a0c1-0000-7000-8000-000000000000')

const readers: Readonly<Record<Exclude<CsvField['kind'], 'text' | 'enum' | 'secret'>, Read>> = {
  id: uuid,
  ref: uuid,
  integer(text) {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(value)) return new CellProblem('is no whole number, such as 1200')
    return value === 0 ? 0 : value
  },
  real(text) {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN
    return Number.isFinite(value) ? value : new CellProblem('is no number, such as 12.5')
  },
  boolean: (text) =>
    truths[text.toLowerCase()] ?? new CellProblem('is neither true nor false; yes, no, 1 and 0 do as well'),
  timestamp: instant,
  json(text) {
    try {
      return parseJson(text)
    } catch (error) {
      return new CellProblem(jsonProblem(error))
    }
  },
  money(text, { part }) {
    if (part === 'currency')
      return /^[A-Z]{3}$/.test(text) ? text : new CellProblem('is no currency of three capitals, such as EUR')
    return DECIMAL.test(text) ? text : new CellProblem('is no amount, such as 19.99')
  },
}

/** As the API would say it. */
function jsonProblem(error: unknown): string {
  if (!isClienteleError(error)) throw error
  const [issue] = (error.params['issues'] ?? []) as readonly {
    readonly path: string
    readonly message: string
  }[]
  if (issue) return `holds what no row can: ${[issue.path, issue.message].filter(Boolean).join(' ')}`
  return `is not valid JSON: ${error.params['reason'] as string}`
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i

/** A date alone is its midnight; without a zone it is UTC. */
function instant(text: string): unknown {
  const [, date, time = '00:00', zone = 'Z'] = INSTANT.exec(text) ?? []
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`)
  // The engine takes the 30th of February for the 2nd of March.
  if (date === undefined || Number.isNaN(ms) || toTimestamp(midnight).slice(0, 10) !== date)
    return new CellProblem('is no instant, such as 2026-01-31 or 2026-01-31T09:30:00Z')
  return toTimestamp(ms)
}
