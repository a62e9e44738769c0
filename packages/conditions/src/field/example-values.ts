import type { EditorInput } from '../editor.ts'
import type { FieldKind } from '../operator/operator.ts'

const ONE: Readonly<Record<FieldKind, readonly [unknown, unknown]>> = {
  text: ['gold', 'silver'],
  enum: ['gold', 'silver'],
  integer: [3, 10],
  number: [2.5, 10],
  amount: [49.9, 500],
  boolean: [true, false],
  timestamp: ['2026-01-31', '2026-02-28T18:30:00Z'],
  date: ['2026-01-31', '2026-02-28T18:30:00Z'],
  array: [[], []],
  json: [null, null],
}

/** A value that an operator takes, for examples; undefined where it takes none. */
export function exampleValue(
  input: EditorInput,
  {
    kind,
    values,
    other,
  }: { readonly kind: FieldKind; readonly values?: readonly string[]; readonly other?: string },
): unknown {
  const [first, second] = values ? [values[0], values.at(-1)] : ONE[kind]
  const examples: Readonly<Record<EditorInput, unknown>> = {
    none: undefined,
    value: first,
    pair: [first, second],
    list: [first, second],
    text: 'example.com',
    texts: ['example.com', 'example.org'],
    scalar: 'garden',
    scalars: ['garden', 'kitchen'],
    count: { operator: 'gte', value: 3 },
    modulus: { divisor: 10, remainder: 0 },
    field: other,
    jsonType: 'text',
    rules: [
      { property: 'sku', operator: 'is', value: 'TEAPOT' },
      { property: 'quantity', operator: 'gte', value: 2 },
    ],
    day: '2026-01-31',
    duration: { amount: 90, unit: 'day' },
    durations: [
      { amount: 7, unit: 'day' },
      { amount: 30, unit: 'day' },
    ],
    window: { calendar: 'month', from: -1, to: -1 },
    days: { from: 0, to: 7 },
    years: { from: 18, to: 25 },
    weekdays: ['saturday', 'sunday'],
    monthDays: [1, 15],
    months: [12],
    hours: [9, 10, 11],
  }
  return examples[input]
}
