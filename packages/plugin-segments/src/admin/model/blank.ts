import { choicesOf, comparesFields, fieldsFor, formsOf, isFixed } from '../language/language.ts'
import type { EditorField, Language, Leaf, Schema, TypeDescription } from '../language/language.ts'

/** A number that was not typed yet. */
export const NO_NUMBER = Number.NaN

/** A value of a kind before anything was chosen. */
function blankOf(kind: string, values: readonly string[] = []): unknown {
  if (kind === 'number' || kind === 'integer' || kind === 'money') return NO_NUMBER
  if (kind === 'boolean') return true
  if (kind === 'duration') return { amount: 30, unit: 'day' }
  return kind === 'enum' ? (values[0] ?? '') : ''
}

/** The value that an operator begins with. */
export function blankInput(input: string, field: Pick<EditorField, 'kind' | 'values'>): unknown {
  const one = blankOf(field.kind, field.values)
  const starts: Readonly<Record<string, unknown>> = {
    none: undefined,
    value: one,
    pair: [one, one],
    list: [],
    texts: [],
    scalars: [],
    count: { operator: 'gte', value: 1 },
    modulus: { divisor: 2, remainder: 0 },
    jsonType: 'text',
    rules: [{ property: '', operator: 'is', value: '' }],
    duration: { amount: 30, unit: 'day' },
    durations: [
      { amount: 7, unit: 'day' },
      { amount: 30, unit: 'day' },
    ],
    window: { last: { amount: 30, unit: 'day' } },
    days: { from: 0, to: 7 },
    years: { from: 18 },
    weekdays: [],
    monthDays: [],
    months: [],
    hours: [],
  }
  return input in starts ? starts[input] : ''
}

/** What the value of an operator is. */
export function inputOf(field: EditorField, operator: string): string {
  return field.inputs?.[operator] ?? 'value'
}

/** The least that a schema takes, with nothing chosen. */
export function blankSchema(schema: Schema | undefined): unknown {
  if (!schema) return ''
  if (schema.default !== undefined) return schema.default
  if (isFixed(schema)) return choicesOf(schema)[0]
  if (schema.anyOf) return blankSchema(schema.anyOf[0])
  if (schema.type === 'number' || schema.type === 'integer') return NO_NUMBER
  if (schema.type === 'boolean') return true
  if (schema.prefixItems) return schema.prefixItems.map(blankSchema)
  if (schema.type === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () => blankSchema(schema.items || undefined))
  if (schema.properties?.['amount'] && schema.properties['unit']) return { amount: 30, unit: 'day' }
  if (schema.properties)
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, blankSchema(schema.properties![name])]),
    )
  return ''
}

/** A new rule. */
export function blankLeaf(language: Language, type: TypeDescription, field?: string): Leaf {
  const schema = language.schema.$defs[type.name]
  if (!comparesFields(type, schema)) {
    const blank = blankSchema(formsOf(schema)[0]) as Leaf
    const compared = type.fields.find(({ name, operators }) => name === 'value' && operators.length > 0)
    return { ...blank, ...(compared ? blankComparison([compared]) : {}), type: type.name }
  }
  const start: Leaf = { type: type.name, ...(field === undefined ? {} : { field }) }
  const others = Object.fromEntries(
    requiredOf(formsOf(schema), start)
      .filter(([name]) => !['type', 'field', 'operator', 'value'].includes(name))
      .map(([name, one]) => [name, name === 'path' ? [] : blankSchema(one)]),
  )
  return { ...start, ...others, ...blankComparison(fieldsFor(type, start)) }
}

/** Its first operator that asks for something, or the one that is asked most often of its kind. */
export function blankComparison(fields: readonly EditorField[]): {
  readonly operator: string
  readonly value?: unknown
} {
  const field = fields.find(({ kind }) => kind === 'text') ?? fields[0]!
  const usual = field.kind === 'timestamp' ? 'inLast' : /text|enum|boolean/.test(field.kind) ? 'is' : 'gte'
  const operator = field.operators.includes(usual)
    ? usual
    : (field.operators.find((one) => inputOf(field, one) !== 'none') ?? field.operators[0]!)
  const value = blankInput(inputOf(field, operator), field)
  return { operator, ...(value === undefined ? {} : { value }) }
}

/** What every form that fits requires, by name. */
function requiredOf(forms: readonly Schema[], leaf: Leaf): readonly (readonly [string, Schema])[] {
  const field = leaf['field']
  const fitting = forms.filter(({ properties }) => {
    const asked = properties?.['field']
    return field === undefined || !asked || !isFixed(asked) || choicesOf(asked).includes(field)
  })
  const [first] = fitting
  return (first?.required ?? [])
    .filter((name) => fitting.every((form) => form.required?.includes(name)))
    .map((name) => [name, first!.properties![name]!])
}
