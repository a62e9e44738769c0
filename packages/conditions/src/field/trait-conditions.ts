import type { AnyEntity, JsonOperator } from '@clientele/core'
import { sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType, Facts, SqlScope } from '../condition-type.ts'
import type { FieldKind, Operator } from '../operator/operator.ts'
import { findOperator, operatorsOf } from '../operator/operators.ts'
import { comparisonIssues } from './column-conditions.ts'
import { compileComparison, evaluateComparison } from './comparison.ts'

/** `{ type, name, operator, value }`: a trait compared with a constant of the same JSON type. */
export interface TraitLeaf extends Leaf {
  readonly name: string
  readonly operator: string
  readonly value?: unknown
}

const JSON_TYPES = { text: 'text', number: 'number', boolean: 'boolean' } as const
type TraitKind = keyof typeof JSON_TYPES

/**
 * A condition type over the values of a JSON column. The constant decides the type: a trait `"10"` is not met by
 * `is 10`, and a trait of another type is as good as missing. `isSet` is met by any type but JSON null.
 */
export function traitConditions(name: string, entity: AnyEntity, property: string): ConditionType<TraitLeaf> {
  const actualOf = (leaf: TraitLeaf, facts: Facts): unknown => {
    const traits = facts.row(entity)[property] as Readonly<Record<string, unknown>> | null
    return traits && Object.hasOwn(traits, leaf.name) ? traits[leaf.name] : undefined
  }
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name),
    needs: () => (entity.extension ? [entity] : []),
    dependsOn: (leaf) => [`${entity.name}.${property}.${leaf.name}`],
    costly: () => true,
    compile(leaf, scope, negated) {
      const { kind, operator } = resolve(leaf)
      const column = traitColumn(scope, entity, property, leaf, isPresence(operator) ? null : kind)
      const quick = operator.json && jsonComparison(scope, entity, property, leaf, operator.json)
      return compileComparison({ column, nullable: true, quick }, operator, leaf.value, scope, negated)
    },
    evaluate(leaf, facts) {
      const { kind, operator } = resolve(leaf)
      const actual = actualOf(leaf, facts)
      const typed = isPresence(operator) || kindOf(actual) === kind ? actual : undefined
      return evaluateComparison(typed, operator, leaf.value, facts)
    },
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
    const first = Array.isArray(leaf.value) ? leaf.value[0] : leaf.value
    const kind = kindOf(first)
    if (first !== undefined && !kind) {
      ctx.addIssue({
        code: 'custom',
        path: ['value'],
        message: 'expected a text, a number or a boolean, or a list of one of them',
      })
      return
    }
    for (const issue of comparisonIssues(leaf, { kind: kind ?? 'text' }))
      ctx.addIssue({ code: 'custom', ...issue })
  })
}

function resolve(leaf: TraitLeaf): { readonly kind: TraitKind; readonly operator: Operator } {
  const first = Array.isArray(leaf.value) ? leaf.value[0] : leaf.value
  const kind = kindOf(first) ?? 'text'
  return { kind, operator: findOperator(leaf.operator, kind)! }
}

/** The trait as a value of one type, or, for questions of presence, its type's name. */
function traitColumn(
  scope: SqlScope,
  entity: AnyEntity,
  property: string,
  { name }: TraitLeaf,
  kind: TraitKind | null,
): Expression<unknown> {
  const column = scope.column(entity, property)
  if (kind === 'number') return scope.sql.json(column, [name], 'number')
  if (kind === 'boolean') return scope.sql.json(column, [name], 'boolean')
  if (kind === 'text') return scope.sql.json(column, [name], 'text')
  return sql`nullif(${scope.sql.jsonType(column, [name])}, 'null')`
}

function jsonComparison(
  scope: SqlScope,
  entity: AnyEntity,
  property: string,
  { name, value }: TraitLeaf,
  operator: JsonOperator,
): Expression<SqlBool> {
  const column = scope.column(entity, property)
  return scope.sql.jsonCompare(
    column,
    [name],
    operator,
    value as string | number | boolean,
  ) as Expression<SqlBool>
}

function isPresence(operator: Operator): boolean {
  return operator.name === 'isSet' || operator.negates === 'isSet'
}

function kindOf(value: unknown): TraitKind | undefined {
  const kinds: Partial<Record<string, TraitKind & FieldKind>> = {
    string: 'text',
    number: 'number',
    boolean: 'boolean',
  }
  return kinds[typeof value]
}
