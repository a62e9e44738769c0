import { fmt, locale } from './words.ts'

/**
 * A number as people type it: `1,234.5`, `1.234,5`, `12,5`, `1 000`. Null when it is none. One separator alone is that
 * of thousands where the language has it so and three digits follow, else the decimal sign.
 */
export function typedNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s\u00a0\u202f'’]/g, '')
    .replace(/\u2212/g, '-')
  if (!/^[+-]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?$/i.test(plain)) return null
  const decimal = decimalOf(plain)
  const digits = decimal === '' ? plain.replace(/[.,]/g, '') : split(plain, decimal)
  const number = Number(digits)
  return Number.isFinite(number) ? number : null
}

/** The other way round: a number as it stands in a field, without separators of thousands. */
export function shownNumber(value: number): string {
  return fmt.number(value, { useGrouping: false, maximumFractionDigits: 15 })
}

function decimalOf(text: string): '.' | ',' | '' {
  const [points, commas] = [text.split('.').length - 1, text.split(',').length - 1]
  if (points > 0 && commas > 0) return text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ','
  if (points + commas !== 1) return ''
  const sign = points === 1 ? '.' : ','
  const isGroup = new RegExp(`\\d{1,3}[${sign}]\\d{3}$`).test(text) && groupSign() === sign
  return isGroup ? '' : sign
}

function split(text: string, decimal: string): string {
  const at = text.lastIndexOf(decimal)
  return `${text.slice(0, at).replace(/[.,]/g, '')}.${text.slice(at + 1)}`
}

function groupSign(): string | undefined {
  const parts = new Intl.NumberFormat(locale()).formatToParts(1_234_567)
  return parts.find(({ type }) => type === 'group')?.value
}
