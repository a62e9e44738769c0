import type { JsonSchema } from './operations.ts'

/** A value that fits a JSON schema; its texts carry `word`. */
export function sampleOf(schema: JsonSchema, word: string, name = ''): unknown {
  const { type, format } = schema
  if (schema.default !== undefined && type !== 'string') return schema.default
  if (schema.enum) return schema.enum[0]
  if (schema.const !== undefined) return schema.const
  const choices: readonly JsonSchema[] = schema.anyOf ?? schema.oneOf ?? []
  if (choices.length > 0)
    return sampleOf(
      choices.find((one) => one.type !== 'null'),
      word,
      name,
    )
  if (type === 'object') return objectOf(schema, word)
  if (type === 'array') return schema.items ? [sampleOf(schema.items, word, name)] : []
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return Math.max(7, schema.minimum ?? 0)
  if (type !== 'string') return null
  if (format === 'date-time') return '2026-03-01T08:00:00.000Z'
  if (format === 'uuid') return '00000000-0000-7000-8000-000000000000'
  if (format === 'email') return `${word}@example.com`
  if (schema.pattern === '^[A-Z]{3}$') return 'EUR'
  if (Object.hasOwn(STANDARD, name)) return STANDARD[name]
  return `${name} ${word}`.slice(0, schema.maxLength)
}

/** Texts that standards fix, by the name they go by. */
const STANDARD: Readonly<Record<string, string>> = {
  phone: '+351912345678',
  country: 'PT',
  locale: 'pt-PT',
  timeZone: 'Europe/Lisbon',
}

function objectOf({ properties, additionalProperties }: JsonSchema, word: string): unknown {
  if (!properties) return additionalProperties === undefined ? {} : { word }
  const entries = Object.entries<JsonSchema>(properties)
  return Object.fromEntries(entries.map(([name, schema]) => [name, sampleOf(schema, word, name)]))
}
