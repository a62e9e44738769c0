import { t } from '@clientele/admin-sdk'
import type { EditorField, Language, Leaf } from './language.ts'
import { windowText } from './time-text.ts'
import type { Names } from './use-names.ts'
import { listText, objectText, rulesText, valueText, type Rule } from './value-text.ts'
import { choiceTitle, dateText, subjectOf, typeTitle } from './words.ts'

/** What the parameters of a rule are told with. */
export interface Telling {
  readonly language: Language
  readonly fields: readonly EditorField[]
  readonly names: Names
  /** Where words of the type's own closed sets stand. */
  readonly home?: string
}

/** One parameter of a rule as its sentence holds it. */
export function phraseOf(name: string, value: unknown, telling: Telling): string {
  const { language, fields, names, home } = telling
  if (value === undefined || value === null) return ''
  if (name === 'within') return windowText(value)
  if (name === 'where' && Array.isArray(value))
    return value.length === 0 ? '' : t('conditions.phrase.where', { rules: rulesText(value, names) })
  if (name === 'count' && typeof value === 'object') return timesText(value as Rule)
  if (name === 'quantity' && typeof value === 'object')
    return t('conditions.phrase.quantity', {
      rule: objectText(value as Properties, { names, kind: 'number' }),
    })
  if (name === 'span') return t('conditions.phrase.span', { span: valueText(value, { names }) })
  if (name === 'by' && typeof value === 'object') return measureText(language, value as Leaf, names)
  if (name === 'steps' && Array.isArray(value))
    return (value as readonly Leaf[]).map((step) => stepText(step, telling)).join(t('conditions.phrase.then'))
  if (name === 'without' && typeof value === 'object')
    return `${t('conditions.phrase.without')} ${stepText(value as Leaf, telling)}`
  return valueText(value, { names, home, kind: fields.find((field) => field.name === name)?.kind })
}

type Properties = Readonly<Record<string, unknown>>

/** `at least 3 times` */
function timesText({ operator, value }: Rule): string {
  const [from, to] = [value].flat() as readonly number[]
  return t(`conditions.times.${operator}`, { count: from ?? 0, from: from ?? 0, to: to ?? 0 })
}

/** An event of a sequence. */
function stepText(step: Leaf, { language, names }: Telling): string {
  const where = phraseOf('where', step['where'], { language, names, fields: [] })
  return `${valueText(step['name'], { names })} ${where}`
}

/** What customers are ranked by: a rule without its comparison. */
function measureText(language: Language, by: Leaf, names: Names): string {
  const type = language.types.find(({ name }) => name === by.type)
  const rest = ['where', 'within'].map((name) => phraseOf(name, by[name], { language, names, fields: [] }))
  const figure = by['aggregate'] ? `${choiceTitle(by['aggregate'])} ${String(by['property'])}` : ''
  return [figure, subjectOf(type, by) || typeTitle(by.type), ...rest].filter(Boolean).join(' ')
}

/** A value as its operator reads on: the two ends of a range, the names of months. */
export function comparedText(
  operator: string,
  value: unknown,
  field: EditorField | undefined,
  names: Names,
): string {
  const reading = { names, kind: field?.kind, home: field?.title }
  const isRange = operator.toLowerCase().includes('between') && Array.isArray(value)
  if (isRange) return value.map((one) => valueText(one, reading)).join(t('conditions.phrase.and'))
  if (operator.toLowerCase().endsWith('month') && Array.isArray(value) && operator !== 'dayOfMonth')
    return value.map((month) => dateText(Date.UTC(2024, Number(month) - 1, 1), { month: 'long' })).join(', ')
  if (operator.endsWith('OfWeek') && Array.isArray(value))
    return listText(value.map((day) => choiceTitle(day)))
  return valueText(value, reading)
}
