import type { AnyEntity } from '@clientele/core'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType, Facts } from '../condition-type.ts'
import { operatorsOf } from '../operator/operators.ts'
import { compileJsonComparison, evaluateJsonComparison, jsonAt, jsonComparisonIssues } from './json-value.ts'

/** `{ type, name, operator, value }`: a trait compared with a constant of the same JSON type. */
export interface TraitLeaf extends Leaf {
  readonly name: string
  readonly operator: string
  readonly value?: unknown
}

/**
 * A condition type over the values of a JSON column. The constant decides the type: a trait `"10"` is not met by
 * `is 10`, and a trait of another type is as good as missing. `isSet` is met by any type but JSON null.
 */
export function traitConditions(name: string, entity: AnyEntity, property: string): ConditionType<TraitLeaf> {
  const actualOf = (leaf: TraitLeaf, facts: Facts): unknown =>
    jsonAt(facts.row(entity)[property], [leaf.name])
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name),
    needs: () => (entity.extension ? [entity] : []),
    dependsOn: (leaf) => [`${entity.name}.${property}.${leaf.name}`],
    costly: () => true,
    compile: (leaf, scope, negated) =>
      compileJsonComparison(scope.column(entity, property), [leaf.name], leaf, scope, negated),
    evaluate: (leaf, facts) => evaluateJsonComparison(actualOf(leaf, facts), leaf, facts),
    seen: actualOf,
    describe: ({ name: trait, operator, value }) => ({
      key: `conditions.${name}.${operator}`,
      params: { trait, ...(value === undefined ? {} : { value }) },
    }),
    editor: {
      fields: (['text', 'number', 'boolean'] as const).map((kind) => ({
        name: '*',
        kind,
        operators: operatorsOf(kind).map((operator) => operator.name),
      })),
    },
  }
}

function leafSchema(name: string): z.ZodType<TraitLeaf> {
  const shape = z.strictObject({
    type: z.literal(name),
    name: z.string().min(1).max(100),
    operator: z.string(),
    value: z.unknown().optional(),
  })
  return shape.superRefine((leaf, ctx) => {
    for (const issue of jsonComparisonIssues(leaf)) ctx.addIssue({ code: 'custom', ...issue })
  })
}
