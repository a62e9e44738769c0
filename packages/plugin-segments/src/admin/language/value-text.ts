import { fmt, t } from '@clientele/admin-sdk'
import { durationText, windowText, type Duration } from './time-text.ts'
import type { Names } from './use-names.ts'
import { currency, operatorTitle, say, typeTitle } from './words.ts'

/** What is known of a value that is read out. */
export interface Reading {
  readonly names: Names
  /** As its field says it; numbers of no kind, as ids are, are not grouped. */
  readonly kind?: string | undefined
  /** Where words of its own closed set stand: `conditions.suppressed.word`. */
  readonly home?: string | undefined
}

/** A value as people read it. */
export function valueText(value: unknown, reading: Reading): string {
  const { kind } = reading
  if (value === undefined || value === null || value === '' || Number.isNaN(value)) return '…'
  if (Array.isArray(value)) {
    if (value.length === 0) return '…'
    if (value.every((one) => typeof one === 'object' && one !== null && 'operator' in one))
      return rulesText(value as readonly Rule[], reading.names)
    return listText(value.map((one) => valueText(one, reading)))
  }
  if (typeof value === 'number')
    return kind === 'money'
      ? fmt.number(value, { style: 'currency', currency: currency() })
      : fmt.number(value, { useGrouping: kind !== undefined })
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  return typeof value === 'object'
    ? objectText(value as Readonly<Record<string, unknown>>, reading)
    : wordText(String(value), reading)
}

/** A rule about a property. */
export interface Rule {
  readonly property?: string
  readonly operator: string
  readonly value?: unknown
}

/** Rules that must all hold. */
export function rulesText(rules: readonly Rule[], names: Names): string {
  return rules
    .map(
      ({ property, operator, value }) =>
        `${property ?? ''} ${operatorTitle(operator)} ${value === undefined ? '' : valueText(value, { names })}`,
    )
    .join(t('conditions.phrase.and'))
}

/** The first of many. */
export function listText(texts: readonly string[]): string {
  const shown = texts.length > 6 ? [...texts.slice(0, 5), `+${texts.length - 5}`] : texts
  return shown.join(', ')
}

/** Objects that are no rule of their own: a window, a span, a range, a comparison, or whatever a plugin asks for. */
export function objectText(value: Readonly<Record<string, unknown>>, reading: Reading): string {
  if ('last' in value || 'calendar' in value) return windowText(value)
  if ('amount' in value && 'unit' in value) return durationText(value as unknown as Duration)
  if (Object.keys(value).every((name) => name === 'from' || name === 'to'))
    return `${valueText(value['from'], reading)}–${valueText(value['to'], reading)}`
  if ('operator' in value)
    return `${operatorTitle(String(value['operator']))} ${valueText(value['value'], reading)}`
  return Object.entries(value)
    .map(([name, one]) =>
      name === 'type'
        ? typeTitle(String(one))
        : `${say([`conditions.parameter.${name}`, name])} ${valueText(one, reading)}`,
    )
    .join(', ')
}

/** A time, a name, a word of a closed set, or what somebody typed. */
function wordText(text: string, { names, kind, home }: Reading): string {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return fmt.time(text)
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return fmt.day(`${text}T12:00:00Z`)
  const known = names.get(text)
  if (known) return `“${known}”`
  if (kind !== 'enum' && kind !== undefined) return text
  const keys = [...(home ? [`${home}.${text}`] : []), `conditions.word.${text}`]
  return keys.map((key) => ({ key, word: t(key) })).find(({ key, word }) => word !== key)?.word ?? text
}
