import * as z from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

/** What one value must be, as JSON Schema. What zod alone can check is left out. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

/** An object that has these properties and no others. */
export function closedObject(properties: JsonSchema, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}
