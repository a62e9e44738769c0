import type * as z from 'zod'

/** Copies what a schema names and nothing else. */
export type Picker = (value: unknown) => unknown

const asItIs: Picker = (value) => value

/**
 * Derives from a response schema a function that strips what the schema does not name, without validating: objects
 * are copied key by key, arrays item by item, scalars pass as they are. Where a schema decides by value (unions of
 * objects) or changes it (transforms), that part is parsed in full.
 *
 * Validation of answers is for development and tests, where a wrong answer should fail loudly; in production the
 * promise that matters is that no undeclared column leaves, and that costs a tenth of a parse.
 */
export function pickerOf(schema: z.ZodType): Picker {
  return compile(schema, new Map())
}

// zod's own description of a schema; which of these fields are there depends on `type`.
interface Def {
  readonly type: string
  readonly shape: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly element: z.ZodType
  readonly innerType: z.ZodType
  readonly valueType: z.ZodType
  readonly options: readonly z.ZodType[]
  readonly getter: () => z.ZodType
  readonly coerce?: boolean
}

const SCALARS: ReadonlySet<string> = new Set([
  'string',
  'number',
  'boolean',
  'null',
  'enum',
  'literal',
  'any',
  'unknown',
  'template_literal',
])

function compile(schema: z.ZodType, open: Map<z.ZodType, { picker?: Picker }>): Picker {
  const known = open.get(schema)
  if (known) return (value) => known.picker!(value)
  const slot: { picker?: Picker } = {}
  open.set(schema, slot)
  slot.picker = build(schema, open)
  open.delete(schema)
  return slot.picker
}

function build(schema: z.ZodType, open: Map<z.ZodType, { picker?: Picker }>): Picker {
  const def = schema.def as unknown as Def
  if (SCALARS.has(def.type) && !def.coerce) return asItIs
  switch (def.type) {
    case 'object':
      return objectPicker(def, open)
    case 'array':
      return arrayPicker(compile(def.element, open))
    case 'record':
      return recordPicker(compile(def.valueType, open))
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
      return nullablePicker(compile(def.innerType, open))
    case 'union':
      // Options that are all scalars need no decision.
      return def.options.every((option) => compile(option, open) === asItIs) ? asItIs : parser(schema)
    default:
      return parser(schema)
  }
}

const parser =
  (schema: z.ZodType): Picker =>
  (value) =>
    schema.parse(value)

function objectPicker(def: Def, open: Map<z.ZodType, { picker?: Picker }>): Picker {
  if (def.catchall && (def.catchall.def as unknown as Def).type !== 'never') return asItIs
  const keys = Object.keys(def.shape)
  const pickers = keys.map((key) => compile(def.shape[key]!, open))
  const deep = keys.flatMap((key, i) => (pickers[i] === asItIs ? [] : [{ key, pick: pickers[i]! }]))
  return (value) => {
    if (typeof value !== 'object' || value === null) return value
    const from = value as Record<string, unknown>
    const picked: Record<string, unknown> = {}
    for (const key of keys) {
      const item = from[key]
      if (item !== undefined) picked[key] = item
    }
    for (const { key, pick } of deep) {
      const item = picked[key]
      if (item !== undefined) picked[key] = pick(item)
    }
    return picked
  }
}

function arrayPicker(pick: Picker): Picker {
  if (pick === asItIs) return asItIs
  return (value) => (Array.isArray(value) ? value.map(pick) : value)
}

function recordPicker(pick: Picker): Picker {
  if (pick === asItIs) return asItIs
  return (value) =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pick(item)]))
      : value
}

function nullablePicker(pick: Picker): Picker {
  return pick === asItIs ? asItIs : (value) => (value === null || value === undefined ? value : pick(value))
}
