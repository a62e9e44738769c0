import type * as z from 'zod'

/** What a schema is used for: to read what is sent, or to write an answer. */
export type Io = 'input' | 'output'

/** The parts of zod's definitions that lead to other schemas, or decide about them. */
interface Definition {
  readonly type: string
  readonly element?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly items?: readonly z.ZodType[]
  readonly rest?: z.ZodType | null
  readonly innerType?: z.ZodType
  readonly keyType?: z.ZodType
  readonly valueType?: z.ZodType
  readonly left?: z.ZodType
  readonly right?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  /** Fails without a context when the value depends on it. */
  readonly catchValue?: (context: undefined) => unknown
  readonly getter?: () => z.ZodType
  readonly values?: readonly unknown[]
}

const PLAIN = new Set(['string', 'number', 'boolean', 'null', 'any', 'unknown', 'never', 'enum'])

const known: Readonly<Record<Io, WeakSet<z.ZodType>>> = { input: new WeakSet(), output: new WeakSet() }

/**
 * True when a schema is made of kinds that JSON Schema can say for certain. Looks at its parts instead of writing it out,
 * which takes a tenth of the time; when it is false, zod has to be asked.
 */
export function isSurelyJsonSchema(schema: z.ZodType, io: Io): boolean {
  const seen = new Set<z.ZodType>()
  if (!isSure(schema, io, seen)) return false
  for (const one of seen) known[io].add(one)
  return true
}

/** A schema that contains itself is as good as its other parts. */
function isSure(schema: z.ZodType, io: Io, seen: Set<z.ZodType>): boolean {
  if (seen.has(schema) || known[io].has(schema)) return true
  seen.add(schema)
  const def = schema.def as unknown as Definition
  if (PLAIN.has(def.type)) return true
  const all = (parts: readonly (z.ZodType | null | undefined)[]): boolean =>
    parts.every((part) => !part || isSure(part, io, seen))
  switch (def.type) {
    case 'object':
      return all([...Object.values(def.shape ?? {}), def.catchall])
    case 'array':
      return all([def.element])
    case 'union':
      return all(def.options ?? [])
    case 'intersection':
      return all([def.left, def.right])
    case 'tuple':
      return all([...(def.items ?? []), def.rest])
    case 'record':
      return all([def.keyType, def.valueType])
    case 'literal':
      return (def.values ?? [undefined]).every((value) =>
        ['string', 'number', 'boolean'].includes(typeof value),
      )
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return all([def.innerType])
    case 'lazy':
      return all([def.getter?.()])
    case 'catch':
      return all([def.innerType]) && isFixed(def.catchValue)
    case 'pipe':
      return all([io === 'input' ? def.in : def.out])
    default:
      return false
  }
}

function isFixed(catchValue: Definition['catchValue']): boolean {
  try {
    catchValue?.(undefined)
    return true
  } catch {
    return false
  }
}
