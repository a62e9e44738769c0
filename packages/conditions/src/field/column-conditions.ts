import type { AnyEntity } from '@clientele/core'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import { unknownName } from '../language/nearest.ts'
import type { Operator } from '../operator/operator.ts'
import { findOperator, operatorsOf } from '../operator/operators.ts'
import { compileComparison, evaluateComparison } from './comparison.ts'
import { fieldsOf, storedValue, valueSchema, type Field } from './field.ts'

/** `{ type, field, operator, value }`: a column compared with a constant. */
export interface ColumnLeaf extends Leaf {
  readonly field: string
  readonly operator: string
  readonly value?: unknown
}

/**
 * A condition type over the segmentable columns of the subject or of one of its extensions. A new segmentable column
 * is askable at once.
 *
 * @param name the leaf's `type`
 * @example
 * contributes: [ConditionTypes.add(columnConditions('metric', CustomerMetrics))]
 */
export function columnConditions(name: string, entity: AnyEntity): ConditionType<ColumnLeaf> {
  const fields = new Map(fieldsOf(entity).map((field) => [field.name, field]))
  const resolve = (leaf: ColumnLeaf): readonly [Field, Operator] => {
    const field = fields.get(leaf.field)!
    return [field, findOperator(leaf.operator, field.kind)!]
  }
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name, fields),
    needs: () => (entity.extension ? [entity] : []),
    dependsOn: ({ field }) => [`${entity.name}.${field}`],
    costly: (leaf) => resolve(leaf)[1].costly ?? false,
    compile(leaf, scope, negated) {
      const [field, operator] = resolve(leaf)
      const column = scope.column(entity, field.name)
      const value = storedValue(field.kind, leaf.value, scope)
      return compileComparison({ column, nullable: field.nullable }, operator, value, scope, negated)
    },
    evaluate(leaf, facts) {
      const [field, operator] = resolve(leaf)
      const value = storedValue(field.kind, leaf.value, facts)
      return evaluateComparison(facts.row(entity)[field.name], operator, value, facts)
    },
    nextChangeAt(leaf, facts) {
      const [field, operator] = resolve(leaf)
      const actual = facts.row(entity)[field.name]
      if (actual === null || actual === undefined) return null
      return operator.nextChangeAt?.(actual, leaf.value, facts) ?? null
    },
    isTimed: (leaf) => resolve(leaf)[1].nextChangeAt !== undefined,
    seen: (leaf, facts) => facts.row(entity)[leaf.field],
    describe: ({ field, operator, value }) => ({
      key: `conditions.${name}.${operator}`,
      params: { field: `${entity.name}.${field}`, ...(value === undefined ? {} : { value }) },
    }),
    editor: {
      fields: [...fields.values()].map(({ name: fieldName, kind, values }) => ({
        name: fieldName,
        kind: kind === 'amount' ? 'money' : kind,
        operators: operatorsOf(kind).map((operator) => operator.name),
        ...(values ? { values } : {}),
      })),
    },
  }
}

function leafSchema(name: string, fields: ReadonlyMap<string, Field>): z.ZodType<ColumnLeaf> {
  const shape = z.strictObject({
    type: z.literal(name),
    field: z.string(),
    operator: z.string(),
    value: z.unknown().optional(),
  })
  return shape.superRefine((leaf, ctx) => {
    const field = fields.get(leaf.field)
    if (!field) {
      ctx.addIssue({
        code: 'custom',
        path: ['field'],
        message: unknownName('field', leaf.field, [...fields.keys()]),
      })
      return
    }
    for (const issue of comparisonIssues(leaf, field)) ctx.addIssue({ code: 'custom', ...issue })
  })
}

/** What is wrong with a leaf's operator and value, for a field of that kind. */
export function comparisonIssues(
  leaf: { readonly operator: string; readonly value?: unknown },
  field: Pick<Field, 'kind' | 'values'>,
): readonly { readonly path: (string | number)[]; readonly message: string }[] {
  const operator = findOperator(leaf.operator, field.kind)
  if (!operator) {
    const known = operatorsOf(field.kind).map((one) => one.name)
    return [{ path: ['operator'], message: unknownName('operator', leaf.operator, known) }]
  }
  const schema = operator.value(valueSchema(field.kind, field.values))
  if (!schema)
    return leaf.value === undefined ? [] : [{ path: ['value'], message: `"${operator.name}" takes no value` }]
  const parsed = schema.safeParse(leaf.value)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => ({
    path: ['value', ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
    message: issue.message,
  }))
}
