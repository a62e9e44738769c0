import type { AnyEntity } from '@clientele/core'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import type { EditorSuggestions } from '../editor.ts'
import type { Facts } from '../facts/facts.ts'
import { jsonSchemaOf } from '../language/json-schema.ts'
import { exampleValue } from './example-values.ts'
import { jsonAt, type JsonKind } from './json-comparisons.ts'
import { jsonComparisonSchemas, jsonEditorFields } from './json-editor.ts'
import { jsonKeySchema, jsonPathSchema } from './json-key.ts'
import { jsonComparisons } from './json-value.ts'
import type { MeasuredBy } from '../ranking/measure.ts'

/** `{ type, name, operator, value }`: a trait compared with a constant of the same JSON type. */
export interface TraitLeaf extends Leaf {
  readonly name: string
  /** Further into the trait, key by key. */
  readonly path?: readonly string[] | undefined
  readonly operator: string
  readonly value?: unknown
}

/** A trait that customers can be ranked by; a trait that is no number is as good as missing. */
export interface TraitMeasure extends MeasuredBy {
  readonly name: string
  readonly path?: readonly string[] | undefined
}

/**
 * A condition type over the values of a JSON column. Operator and constant decide the type: a trait `"10"` is not met by
 * `is 10`, and a trait of another type is as good as missing. `isSet` is met by any type but JSON null.
 *
 * @param options.suggest where editors find the names
 */
export function traitConditions(
  name: string,
  entity: AnyEntity,
  property: string,
  { suggest }: { readonly suggest?: EditorSuggestions } = {},
): ConditionType<TraitLeaf> {
  const pathOf = (leaf: TraitMeasure): readonly string[] => [leaf.name, ...(leaf.path ?? [])]
  const actualOf = (leaf: TraitMeasure, facts: Facts): unknown =>
    jsonAt(facts.row(entity)[property], pathOf(leaf))
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name),
    needs: () => (entity.extension ? [entity] : []),
    dependsOn: (leaf) => [`${entity.name}.${property}.${leaf.name}`],
    costly: () => true,
    compile: (leaf, scope, negated) =>
      jsonComparisons.compile(scope.column(entity, property), pathOf(leaf), leaf, scope, negated),
    evaluate: (leaf, facts) => jsonComparisons.evaluate(actualOf(leaf, facts), leaf, facts),
    nextChangeAt: (leaf, facts) => jsonComparisons.nextChangeAt(actualOf(leaf, facts), leaf, facts),
    isTimed: (leaf) => jsonComparisons.isTimed(leaf),
    measure: {
      schema: z.strictObject({
        type: z.literal(name),
        name: jsonKeySchema,
        path: jsonPathSchema.optional(),
      }) as z.ZodType<TraitMeasure>,
      needs: () => (entity.extension ? [entity] : []),
      dependsOn: (by) => [`${entity.name}.${property}.${by.name}`],
      compile: (by, scope) => ({
        column: scope.sql.json(scope.column(entity, property), pathOf(by), 'number'),
      }),
      evaluate(by, facts) {
        const value = actualOf(by, facts)
        return typeof value === 'number' ? value : null
      },
      examples: [{ type: name, name: EXAMPLES.number }],
    },
    seen: actualOf,
    describe: ({ name: trait, path, operator, value }) => ({
      key: `conditions.${name}.${operator}`,
      params: { trait, ...(path ? { path } : {}), ...(value === undefined ? {} : { value }) },
    }),
    comparedValue: (leaf) => JSON.stringify([name, ...pathOf(leaf)]),
    jsonSchema: () => ({
      anyOf: jsonComparisonSchemas(
        {
          type: { const: name },
          name: jsonSchemaOf(jsonKeySchema),
          path: jsonSchemaOf(jsonPathSchema),
        },
        ['path'],
      ),
    }),
    examples: exampleLeaves(name),
    editor: {
      fields: [
        ...jsonEditorFields('*'),
        { name: 'name', kind: 'trait', operators: [], ...(suggest ? { suggest } : {}) },
      ],
    },
  }
}

const EXAMPLES: Readonly<Record<JsonKind, string>> = {
  json: 'plan',
  text: 'plan',
  number: 'visits',
  boolean: 'vip',
  array: 'interests',
  date: 'birthday',
}

function exampleLeaves(type: string): readonly TraitLeaf[] {
  return jsonComparisons.kinds.flatMap((kind) =>
    jsonComparisons.operatorsOf(kind).map(({ name: operator, input }): TraitLeaf => {
      const value = exampleValue(input, { kind })
      return { type, name: EXAMPLES[kind], operator, ...(value === undefined ? {} : { value }) }
    }),
  )
}

function leafSchema(name: string): z.ZodType<TraitLeaf> {
  const shape = z.strictObject({
    type: z.literal(name),
    name: jsonKeySchema,
    path: jsonPathSchema.optional(),
    operator: z.string(),
    value: z.unknown().optional(),
  })
  return shape.superRefine((leaf, ctx) => {
    for (const issue of jsonComparisons.issues(leaf)) ctx.addIssue({ code: 'custom', ...issue })
  })
}
