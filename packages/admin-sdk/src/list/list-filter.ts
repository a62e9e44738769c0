import type { EntityDescription, Field } from '../panel/manifest.ts'
import { session } from '../session/session.ts'
import { shownNumber, typedNumber } from '../words/typed-number.ts'
import { fmt, fractionDigits, t } from '../words/words.ts'
import { fieldTitle, valueTitle } from '../entity/names.ts'

/** What a list compares a field by, as its address says it: `?createdAt.gte=…`; `eq` is left out there. */
export type Operator = 'eq' | 'ne' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains' | 'startsWith' | 'isNull'

/** A parameter of a list that is no column: `?tag=vip`. */
export interface ListParameter {
  readonly name: string
  /** What it is called. */
  readonly label: string
  readonly help?: string
  /** A closed set to choose from; without it a text is typed. */
  readonly values?: readonly string[]
}

/** Something a list can be narrowed by. */
export type FilterField = Field & { readonly label?: string }

/** All that an address says of one field. */
export interface FieldFilter {
  readonly field: FilterField
  readonly values: Readonly<Partial<Record<Operator, string>>>
}

const OPERATORS: readonly Operator[] = [
  'eq',
  'ne',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'startsWith',
  'isNull',
]

/** What the rows of an entity may be narrowed by. */
export function filterFields(
  entity: EntityDescription,
  parameters: readonly ListParameter[] = [],
): readonly FilterField[] {
  return [
    ...entity.fields.filter(({ filterable, kind }) => filterable && kind !== 'json'),
    ...parameters.map(({ name, label, help, values }): FilterField => ({
      name,
      label,
      kind: values ? 'enum' : 'parameter',
      required: false,
      sortable: false,
      filterable: true,
      ...(help ? { help } : {}),
      ...(values ? { values } : {}),
    })),
  ]
}

/** The filters in an address. What is no filter of this list (a tab, an open drawer) is left alone. */
export function readFilters(
  fields: readonly FilterField[],
  query: Readonly<Record<string, string>>,
): readonly FieldFilter[] {
  return fields.flatMap((field): FieldFilter[] => {
    const found = OPERATORS.flatMap((operator) => {
      const value = query[parameterOf(field.name, operator)]
      return value === undefined ? [] : [[operator, value] as const]
    })
    return found.length > 0 ? [{ field, values: Object.fromEntries(found) }] : []
  })
}

/** What changes in the address when a field is filtered so; without values the filter goes. */
export function filterChange(
  { name }: FilterField,
  values: FieldFilter['values'] = {},
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    OPERATORS.map((operator) => [parameterOf(name, operator), values[operator] || null]),
  )
}

/** The filters as the API takes them. */
export function filterParameters(filters: readonly FieldFilter[]): readonly (readonly [string, string])[] {
  return filters.flatMap(({ field, values }) =>
    Object.entries(values).map(
      ([operator, value]) => [parameterOf(field.name, operator as Operator), value] as const,
    ),
  )
}

function parameterOf(name: string, operator: Operator): string {
  return operator === 'eq' ? name : `${name}.${operator}`
}

/** What a field is called in this list. */
export function filterTitle(entity: EntityDescription, { name, label }: FilterField): string {
  return label ?? fieldTitle(entity.name, name)
}

/**
 * A filter as people read it, without the field's name: `1–5`, `contains “an”`.
 * @param named what a reference's row is called
 */
export function filterText(
  entity: EntityDescription,
  { field, values }: FieldFilter,
  named?: string,
): string {
  if (values.isNull !== undefined) return t(values.isNull === 'true' ? 'filter.is_empty' : 'filter.not_empty')
  const show = (value: string): string => valueText(entity, field, value, named)
  const [from, to] = [values.gte ?? values.gt, values.lte ?? values.lt]
  if (from !== undefined || to !== undefined) {
    // The day before which rows end is not in it.
    const last = values.lte === undefined && to !== undefined && field.kind === 'timestamp' ? before(to) : to
    if (from !== undefined && last !== undefined && show(from) === show(last)) return show(from)
    if (last === undefined) return `≥ ${show(from!)}`
    return from === undefined ? `≤ ${show(last)}` : `${show(from)} – ${show(last)}`
  }
  const list = values.in ?? values.eq
  if (list !== undefined) return list.split(',').map(show).join(', ')
  const [operator, value] = Object.entries(values)[0] ?? ['eq', '']
  return `${t(`operator.${operator}`)} ${show(value)}`
}

function valueText(entity: EntityDescription, field: FilterField, value: string, named?: string): string {
  if (field.kind === 'enum') return valueTitle(entity.name, field.name, value)
  if (field.kind === 'boolean') return t(value === 'true' ? 'yes' : 'no')
  if (field.kind === 'ref') return named ?? value.slice(-8)
  if (field.kind === 'timestamp') return Number.isNaN(Date.parse(value)) ? value : fmt.day(value)
  const number = Number(value)
  if (value === '' || !Number.isFinite(number)) return value
  if (field.kind === 'amount' || field.kind === 'money') return fmt.money(number)
  return field.kind === 'integer' || field.kind === 'real' ? fmt.number(number) : value
}

function before(instant: string): string {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? instant : new Date(time - 1).toISOString()
}

/** Kinds whose filter is a range of numbers. */
export const NUMBERS: ReadonlySet<string> = new Set(['integer', 'real', 'amount', 'money'])

/** What somebody typed → as the API takes it; amounts are typed in the tenant's currency. Null when it is no number. */
export function readNumber(kind: string, text: string): string | null {
  const number = typedNumber(text)
  if (number === null) return null
  if (isAmount(kind)) return String(Math.round(number * 10 ** tenantDigits()))
  return String(kind === 'integer' ? Math.round(number) : number)
}

/** The other way round: what stands in the field of a filter that the address says. */
export function writeNumber(kind: string, value: string | undefined): string {
  const number = Number(value)
  if (value === undefined || !Number.isFinite(number)) return ''
  return shownNumber(isAmount(kind) ? number / 10 ** tenantDigits() : number)
}

function isAmount(kind: string): boolean {
  return kind === 'amount' || kind === 'money'
}

function tenantDigits(): number {
  return fractionDigits(session.value?.tenant.currency ?? 'EUR')
}
