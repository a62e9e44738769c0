import { MAX_NODES } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import { closedObject, jsonSchemaOf, type JsonSchema } from './json-schema.ts'
import type { Language } from './language.ts'

/**
 * The language of the installed plugins as JSON Schema 2020-12: what editors complete from and other programs check
 * against. Depth and size, and rules that go beyond one value, are checked by `language.parse` alone.
 */
export function languageSchema(language: Language): JsonSchema {
  const types = [...language.types.values()]
  const condition = { $ref: '#/$defs/condition' }
  const parts = { type: 'array', items: condition, maxItems: MAX_NODES }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Condition',
    description: 'A question about one customer: groups over rules of registered types',
    $ref: '#/$defs/condition',
    $defs: {
      condition: {
        anyOf: [
          group({ all: { ...parts, description: 'Every part is met. Empty: everybody' } }),
          group({ any: { ...parts, description: 'Some part is met. Empty: nobody' } }),
          group({ not: { ...condition, description: 'The part is not met' } }),
          group({
            atLeast: { type: 'integer', minimum: 1, description: 'How many parts are met, or more' },
            of: { ...parts, minItems: 1 },
          }),
          ...types.map((type) => ({ $ref: `#/$defs/${type.name}` })),
        ],
      },
      ...Object.fromEntries(types.map((type) => [type.name, leafSchema(type)])),
    },
  }
}

function group(properties: JsonSchema): JsonSchema {
  return closedObject(properties)
}

function leafSchema(type: ConditionType): JsonSchema {
  return type.jsonSchema?.() ?? jsonSchemaOf(type.schema)
}
