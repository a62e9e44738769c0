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
  if (passes(schema, new Set())) return asItIs
  switch (def.type) {
    case 'object':
      return objectPicker(schema, def, open)
    case 'array':
      return arrayPicker(compile(def.element, open))
    case 'record':
      return recordPicker(compile(def.valueType, open))
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
      return nullablePicker(compile(def.innerType, open))
    case 'lazy':
      return compile(def.getter(), open)
    default:
      return parser(schema)
  }
}

/**
 * True when no value of the schema has anything to strip: scalars, and lists, records and unions of them. A schema
 * met again inside itself adds nothing that the first meeting does not decide.
 */
function passes(schema: z.ZodType, met: Set<z.ZodType>): boolean {
  if (met.has(schema)) return true
  met.add(schema)
  const def = schema.def as unknown as Def
  switch (def.type) {
    case 'array':
      return passes(def.element, met)
    case 'record':
      return passes(def.valueType, met)
    case 'union':
      return def.options.every((option) => passes(option, met))
    case 'lazy':
      return passes(def.getter(), met)
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
      return passes(def.innerType, met)
    default:
      return SCALARS.has(def.type) && !def.coerce
  }
}

const parser =
  (schema: z.ZodType): Picker =>
  (value) =>
    schema.parse(value)

function objectPicker(schema: z.ZodType, def: Def, open: Map<z.ZodType, { picker?: Picker }>): Picker {
  if (def.catchall && (def.catchall.def as unknown as Def).type !== 'never') return parser(schema)
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
      // Also for what is not there: a default may stand for it.
      const item = pick(picked[key])
      if (item !== undefined) picked[key] = item
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
