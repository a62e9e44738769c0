import { fmt, t } from '@clientele/admin-sdk'
import {
  choicesOf,
  fieldsFor,
  formsOf,
  isFixed,
  type EditorField,
  type Language,
  type Leaf,
} from './language.ts'
import {
  choiceTitle,
  currency,
  dateText,
  operatorTitle,
  parameterTitle,
  say,
  subjectOf,
  typeTitle,
} from './words.ts'

/** The names of segments and other things that rules hold ids of. */
export type Names = ReadonlyMap<string, string>

/**
 * A rule as a sentence. A type's own sentence stands in the catalogues under the key of its description, or a shorter
 * beginning of it: `conditions.event.gte`, `conditions.event`, with the rule's parameters in it as phrases.
 *
 * @param key as the server describes the rule. @default of the type
 */
export function sentenceOf(language: Language, leaf: Leaf, names: Names, key?: string): string {
  const type = language.types.find(({ name }) => name === leaf.type)
  const fields = type ? fieldsFor(type, leaf) : []
  const phrases: Record<string, string> = { field: subjectOf(type, leaf), operator: '', value: '' }
  for (const form of formsOf(language.schema.$defs[leaf.type]))
    for (const [name, one] of Object.entries(form.properties ?? {}))
      phrases[name] ??= isFixed(one) ? choiceTitle(one.default ?? choicesOf(one)[0]) : ''
  for (const [name, value] of Object.entries(leaf))
    if (name !== 'type' && name !== 'field' && name !== 'operator')
      phrases[name] = phraseOf(name, value, { language, fields, names })
  if (typeof leaf['operator'] === 'string') {
    const compared = fields.length > 0 ? fields : (type?.fields ?? []).filter(({ name }) => name === 'value')
    const field = kindOf(compared, leaf['operator'], leaf['value'])
    const value = 'value' in leaf ? comparedText(leaf['operator'], leaf['value'], field?.kind, names) : ''
    const said = t(`conditions.said.${leaf['operator']}`, { value })
    const isSaid = !said.startsWith('conditions.said.')
    phrases['operator'] = isSaid ? said : operatorTitle(leaf['operator'], field?.kind)
    phrases['value'] = isSaid ? '' : value
  }
  for (const candidate of [...(key ? keysOf(key) : []), ...ownKeys(language, leaf)]) {
    const text = t(candidate, phrases)
    if (text !== candidate) return tidy(text)
  }
  const compared = fields.length > 0
  const head = compared
    ? `${phrases['field']} ${phrases['operator']} ${phrases['value']}`
    : typeTitle(leaf.type)
  const others = Object.keys(leaf)
    .filter((name) => name !== 'type' && !(compared && COMPARED.has(name)))
    .map((name) =>
      name === 'within' || name === 'where'
        ? phrases[name]
        : `${parameterTitle(leaf.type, name)}: ${phrases[name]}`,
    )
  return tidy([head, ...others].join(', '))
}

const COMPARED = new Set(['field', 'operator', 'value', 'name', 'path'])

/** The key of the type, and before it those with one of its fixed words: `conditions.segment.ever`. */
function ownKeys(language: Language, leaf: Leaf): readonly string[] {
  const key = `conditions.${leaf.type}`
  const words = formsOf(language.schema.$defs[leaf.type]).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(([name, one]) => name !== 'type' && isFixed(one) && typeof leaf[name] === 'string')
      .map(([name]) => `${key}.${String(leaf[name])}`),
  )
  return [...new Set(words), key]
}

/** From the whole key to its type: `conditions.orders.count.gte`, `conditions.orders.count`, `conditions.orders`. */
function keysOf(key: string): readonly string[] {
  const parts = key.split('.')
  return parts.slice(1).map((_, at) => parts.slice(0, parts.length - at).join('.'))
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([,.])/g, '$1')
    .trim()
}

/** Which of several kinds a comparison is of: by its operator, and where that is not enough by its value. */
export function kindOf(
  fields: readonly EditorField[],
  operator: string,
  value: unknown,
): EditorField | undefined {
  const fitting = fields.filter(({ operators }) => operators.includes(operator))
  if (fitting.length < 2) return fitting[0]
  const [one] = Array.isArray(value) ? (value as unknown[]) : [value]
  const kind = typeof one === 'number' ? 'number' : typeof one === 'boolean' ? 'boolean' : 'text'
  return fitting.find((field) => field.kind === kind) ?? fitting[0]
}

interface Telling {
  readonly language: Language
  readonly fields: readonly EditorField[]
  readonly names: Names
}

function phraseOf(name: string, value: unknown, { language, fields, names }: Telling): string {
  if (value === undefined || value === null) return ''
  if (name === 'within') return windowText(value)
  if (name === 'where' && Array.isArray(value))
    return value.length === 0 ? '' : t('conditions.phrase.where', { rules: rulesText(value, names) })
  if (name === 'count' && typeof value === 'object') return countText(value as Comparison)
  if (name === 'quantity' && typeof value === 'object')
    return t('conditions.phrase.quantity', { rule: objectText(value as Properties, 'number', names) })
  if (name === 'span') return t('conditions.phrase.span', { span: valueText(value, undefined, names) })
  if (name === 'by' && typeof value === 'object') return measureText(language, value as Leaf, names)
  const told = (step: Leaf): string =>
    `${valueText(step['name'], undefined, names)} ${phraseOf('where', step['where'], { language, fields: [], names })}`
  if (name === 'steps' && Array.isArray(value))
    return (value as readonly Leaf[]).map(told).join(t('conditions.phrase.then'))
  if (name === 'without' && typeof value === 'object')
    return `${t('conditions.phrase.without')} ${told(value as Leaf)}`
  return valueText(value, fields.find((field) => field.name === name)?.kind, names)
}

/** What customers are ranked by: a rule without its comparison. */
function measureText(language: Language, by: Leaf, names: Names): string {
  const type = language.types.find(({ name }) => name === by.type)
  const rest = ['where', 'within'].map((name) => phraseOf(name, by[name], { language, fields: [], names }))
  const figure = by['aggregate'] ? `${choiceTitle(by['aggregate'])} ${String(by['property'])}` : ''
  return [figure, subjectOf(type, by) || typeTitle(by.type), ...rest].filter(Boolean).join(' ')
}

/** A value as its operator reads on: the two ends of a range, the names of months. */
function comparedText(operator: string, value: unknown, kind: string | undefined, names: Names): string {
  const isRange = operator.toLowerCase().includes('between') && Array.isArray(value)
  if (isRange) return value.map((one) => valueText(one, kind, names)).join(t('conditions.phrase.and'))
  if (operator.toLowerCase().endsWith('month') && Array.isArray(value) && operator !== 'dayOfMonth')
    return value.map((month) => dateText(Date.UTC(2024, Number(month) - 1, 1), { month: 'long' })).join(', ')
  if (operator.endsWith('OfWeek') && Array.isArray(value)) return list(value.map(choiceTitle))
  return valueText(value, kind, names)
}

type Properties = Readonly<Record<string, unknown>>

interface Comparison {
  readonly property?: string
  readonly operator: string
  readonly value?: unknown
}

function rulesText(rules: readonly Comparison[], names: Names): string {
  return rules
    .map(
      ({ property, operator, value }) =>
        `${property ?? ''} ${operatorTitle(operator)} ${value === undefined ? '' : valueText(value, undefined, names)}`,
    )
    .join(t('conditions.phrase.and'))
}

function countText({ operator, value }: Comparison): string {
  const [from, to] = [value].flat() as readonly number[]
  const key = `conditions.times.${operator}`
  return t(key, { count: from ?? 0, from: from ?? 0, to: to ?? 0 })
}

/** A value as people read it. */
export function valueText(value: unknown, kind: string | undefined, names: Names): string {
  if (value === undefined || value === null || value === '' || Number.isNaN(value)) return '…'
  if (Array.isArray(value)) {
    if (value.length === 0) return '…'
    if (value.every((one) => typeof one === 'object' && one !== null && 'operator' in one))
      return rulesText(value as readonly Comparison[], names)
    return list(value.map((one) => valueText(one, kind, names)))
  }
  if (typeof value === 'number')
    return kind === 'money'
      ? fmt.number(value, { style: 'currency', currency: currency() })
      : fmt.number(value, { useGrouping: kind !== undefined })
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'object') return objectText(value as Readonly<Record<string, unknown>>, kind, names)
  const text = String(value)
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return fmt.time(text)
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return dayText(text)
  const known = names.get(text)
  return known ? `“${known}”` : kind === 'enum' || kind === undefined ? choiceOrText(text) : text
}

function choiceOrText(text: string): string {
  const key = `conditions.word.${text}`
  const word = t(key)
  return word === key ? text : word
}

function dayText(day: string): string {
  return fmt.day(`${day}T12:00:00Z`)
}

function list(texts: readonly string[]): string {
  const shown = texts.length > 6 ? [...texts.slice(0, 5), `+${texts.length - 5}`] : texts
  return shown.join(', ')
}

function objectText(
  value: Readonly<Record<string, unknown>>,
  kind: string | undefined,
  names: Names,
): string {
  if ('last' in value || 'calendar' in value) return windowText(value)
  if ('amount' in value && 'unit' in value) return durationText(value as unknown as Duration)
  if (Object.keys(value).every((name) => name === 'from' || name === 'to'))
    return `${valueText(value['from'], kind, names)}–${valueText(value['to'], kind, names)}`
  if ('operator' in value)
    return `${operatorTitle(String(value['operator']))} ${valueText(value['value'], kind, names)}`
  return Object.entries(value)
    .map(([name, one]) =>
      name === 'type'
        ? typeTitle(String(one))
        : `${say([`conditions.parameter.${name}`, name])} ${valueText(one, kind, names)}`,
    )
    .join(', ')
}

interface Duration {
  readonly amount: number
  readonly unit: string
}

/** `30 days` */
function durationText({ amount, unit }: Duration): string {
  return unitText(amount || 0, unit)
}

/** `Intl` has no quarters. */
function unitText(amount: number, unit: string): string {
  if (unit === 'quarter') return t('conditions.quarters', { count: amount })
  return fmt.number(amount, { style: 'unit', unit, unitDisplay: 'long' })
}

/** `in the last 30 days`, `this month` */
function windowText(value: unknown): string {
  const window = value as Readonly<Record<string, unknown>>
  if ('last' in window) return t('conditions.window.last', { span: durationText(window['last'] as Duration) })
  if ('calendar' in window) {
    const unit = String(window['calendar'])
    const [from, to] = [Number(window['from']), Number(window['to'] ?? 0)]
    if (from === to && (from === 0 || from === -1))
      return t(`conditions.window.${from === 0 ? 'this' : 'previous'}`, { unit: choiceTitle(unit) })
    const span = unitText(to - from + 1, unit)
    if (to === 0 && from < 0) return t('conditions.window.upto', { span })
    if (to === -1) return t('conditions.window.before', { span })
    return t('conditions.window.custom', { unit: choiceTitle(unit), from, to })
  }
  const [from, to] = [window['from'], window['to']].map((one) => (one ? fmt.time(String(one)) : null))
  if (from && to) return t('conditions.window.between', { from, to })
  return from ? t('conditions.window.since', { from }) : to ? t('conditions.window.until', { to }) : ''
}
