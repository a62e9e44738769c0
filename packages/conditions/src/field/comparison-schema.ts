import { closedObject, jsonSchemaOf } from '../language/json-schema.ts'
import type { Operator } from '../operator/operator.ts'
import { valueSchema, type Field } from './field.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schemas of rules that compare one kind of value: one for each form that a value can have. */
export function comparisonSchemas(
  named: JsonSchema,
  operators: readonly Operator[],
  { kind, values }: Pick<Field, 'kind' | 'values'>,
  optional: readonly string[] = [],
): readonly JsonSchema[] {
  const forms = Map.groupBy(operators, (operator) => {
    const schema = operator.value(valueSchema(kind, values))
    return schema ? JSON.stringify(jsonSchemaOf(schema)) : ''
  })
  return [...forms].map(([form, alike]) =>
    closedObject(
      {
        ...named,
        operator: { enum: alike.map(({ name }) => name) },
        ...(form === '' ? {} : { value: JSON.parse(form) as JsonSchema }),
      },
      optional,
    ),
  )
}
