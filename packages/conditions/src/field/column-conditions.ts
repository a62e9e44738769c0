import type { AnyEntity } from '@clientele/core'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import type { EditorField } from '../editor.ts'
import type { Facts } from '../facts/facts.ts'
import { closedObject, jsonSchemaOf } from '../language/json-schema.ts'
import type { SqlScope } from '../sql-scope.ts'
import { unknownName } from '../language/nearest.ts'
import type { FieldKind, Operator } from '../operator/operator.ts'
import type { Measure, MeasuredBy } from '../ranking/measure.ts'
import { fieldOperators, operatorsOf } from '../operator/operators.ts'
import { comparisonSchemas } from './comparison-schema.ts'
import { unknownOperator, valueIssues, type ComparisonIssue } from './comparison-issues.ts'
import { compileComparison, evaluateComparison } from './comparison.ts'
import { exampleValue } from './example-values.ts'
import { fieldsOf, storedValue, writtenText, type Field } from './field.ts'
import { jsonAt } from './json-comparisons.ts'
import { editorField } from './editor-field.ts'
import { jsonComparisonSchemas, jsonEditorFields } from './json-editor.ts'
import { jsonPathSchema } from './json-key.ts'
import { jsonComparisons } from './json-value.ts'

/** `{ type, field, operator, value }`: a column compared with a constant, with another column, or by calendar. */
export interface ColumnLeaf extends Leaf {
  readonly field: string
  /** Of a JSON column: where in it, key by key. */
  readonly path?: readonly string[] | undefined
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
  const fieldOf = (leaf: ColumnLeaf): Field => fields.get(leaf.field)!
  const actualOf = (leaf: ColumnLeaf, facts: Facts): unknown =>
    jsonAt(facts.row(entity)[leaf.field], leaf.path ?? [])
  const other = (leaf: ColumnLeaf): Field => fields.get(leaf.value as string)!
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name, fields),
    needs: () => (entity.extension ? [entity] : []),
    dependsOn: (leaf) => [
      [entity.name, leaf.field, ...(leaf.path ?? []).slice(0, 1)].join('.'),
      ...(isJson(fieldOf(leaf)) || !operatorOf(leaf, fieldOf(leaf)).withField
        ? []
        : [`${entity.name}.${other(leaf).name}`]),
    ],
    costly: (leaf) => isJson(fieldOf(leaf)) || (operatorOf(leaf, fieldOf(leaf)).costly ?? false),
    compile(leaf, scope, negated) {
      const field = fieldOf(leaf)
      const column = scope.column(entity, field.name)
      if (isJson(field)) return jsonComparisons.compile(column, leaf.path ?? [], leaf, scope, negated)
      const operator = operatorOf(leaf, field)
      const value = operator.withField
        ? scope.column(entity, other(leaf).name)
        : storedValue(field.kind, leaf.value, scope)
      const nullable = field.nullable || (operator.withField === true && other(leaf).nullable)
      return compileComparison(
        asked(column, field, { operator, scope, nullable }),
        operator,
        value,
        scope,
        negated,
      )
    },
    evaluate(leaf, facts) {
      const field = fieldOf(leaf)
      if (isJson(field)) return jsonComparisons.evaluate(actualOf(leaf, facts), leaf, facts)
      const operator = operatorOf(leaf, field)
      const value = operator.withField
        ? facts.row(entity)[other(leaf).name]
        : storedValue(field.kind, leaf.value, facts)
      return evaluateComparison(actualOf(leaf, facts), operator, value, facts)
    },
    nextChangeAt(leaf, facts) {
      const field = fieldOf(leaf)
      const actual = actualOf(leaf, facts)
      if (actual === null || actual === undefined) return null
      if (isJson(field)) return jsonComparisons.nextChangeAt(actual, leaf, facts)
      return operatorOf(leaf, field).nextChangeAt?.(actual, leaf.value, facts) ?? null
    },
    isTimed(leaf) {
      const field = fieldOf(leaf)
      if (isJson(field)) return jsonComparisons.isTimed(leaf)
      return operatorOf(leaf, field).nextChangeAt !== undefined
    },
    ...measureOf(name, entity, [...fields.values()].filter(isNumber)),
    seen: actualOf,
    describe: ({ field, path, operator, value }) => ({
      key: `conditions.${name}.${operator}`,
      params: {
        field: `${entity.name}.${field}`,
        ...(path ? { path } : {}),
        ...(value === undefined ? {} : { value }),
      },
    }),
    comparedValue: (leaf) => JSON.stringify([name, leaf.field, leaf.path ?? []]),
    jsonSchema: () => ({
      anyOf: [...fields.values()].flatMap((field) => leafSchemas(name, field)),
    }),
    examples: exampleLeaves(name, [...fields.values()]),
    editor: { fields: [...fields.values()].flatMap(editorFields) },
  }
}

/** A column that customers can be ranked by. */
export interface ColumnMeasure {
  readonly type: string
  readonly field: string
}

function measureOf(
  name: string,
  entity: AnyEntity,
  fields: readonly Field[],
): { readonly measure?: Measure<ColumnMeasure & MeasuredBy> } {
  const names = fields.map((field) => field.name)
  if (names.length === 0) return {}
  const schema = z.strictObject({ type: z.literal(name), field: z.string() }).superRefine((by, ctx) => {
    if (names.includes(by.field)) return
    ctx.addIssue({ code: 'custom', path: ['field'], message: unknownName('number', by.field, names) })
  })
  return {
    measure: {
      schema,
      needs: () => (entity.extension ? [entity] : []),
      dependsOn: (by) => [`${entity.name}.${by.field}`],
      compile: (by, scope) => ({ column: scope.column(entity, by.field) }),
      evaluate: (by, facts) => (facts.row(entity)[by.field] as number | null | undefined) ?? null,
      isMoney: (by) => fields.find((field) => field.name === by.field)?.kind === 'amount',
      jsonSchema: () => closedObject({ type: { const: name }, field: { enum: names } }),
      examples: names.map((field) => ({ type: name, field })),
    },
  }
}

function isNumber({ kind }: Field): boolean {
  return kind === 'integer' || kind === 'number' || kind === 'amount'
}

/** Every operator of the first field of each kind. */
function exampleLeaves(type: string, fields: readonly Field[]): readonly ColumnLeaf[] {
  const first = fields.filter((field, index) => fields.findIndex(({ kind }) => kind === field.kind) === index)
  return first
    .filter((field) => !isJson(field))
    .flatMap((field) =>
      operatorsFor(field).flatMap(({ name, input }): ColumnLeaf[] => {
        const other = fields.find((one) => one.name !== field.name && isComparable(one, field))?.name
        if (input === 'field' && other === undefined) return []
        const kind = isDateOperator(field, name) ? 'date' : field.kind
        const value = exampleValue(input, { ...field, kind, ...(other === undefined ? {} : { other }) })
        return [{ type, field: field.name, operator: name, ...(value === undefined ? {} : { value }) }]
      }),
    )
}

function isDateOperator({ isDate, kind }: Field, operator: string): boolean {
  return isDate === true && !operatorsOf(kind).some(({ name }) => name === operator)
}

function leafSchemas(type: string, field: Field): readonly object[] {
  const named = { type: { const: type }, field: { const: field.name } }
  if (isJson(field)) return jsonComparisonSchemas({ ...named, path: jsonSchemaOf(jsonPathSchema) })
  return comparisonSchemas(named, operatorsFor(field), field)
}

function isJson({ kind }: Field): boolean {
  return kind === 'json'
}

/** What a column may be asked as: a text that is a date by its schema answers as both. */
function kindsOf({ kind, isDate }: Field): readonly FieldKind[] {
  return isDate ? [kind, 'date'] : [kind]
}

function operatorsFor(field: Field): readonly Operator[] {
  return [
    ...kindsOf(field).flatMap(operatorsOf),
    ...fieldOperators.filter((one) => one.kinds.includes(field.kind)),
  ]
}

function operatorOf(leaf: ColumnLeaf, field: Field): Operator {
  return operatorsFor(field).find(({ name }) => name === leaf.operator)!
}

/** The column as the operator wants it: one about dates reads a text as an ISO date, or as none. */
function asked(
  column: ReturnType<SqlScope['column']>,
  field: Field,
  { operator, scope, nullable }: { operator: Operator; scope: SqlScope; nullable: boolean },
): Parameters<typeof compileComparison>[0] {
  const isoDate = field.kind === 'text' && !operator.kinds.includes('text')
  if (!isoDate) return { column, nullable }
  return { column: scope.sql.isoText(column as never), nullable: true, computed: true }
}

function leafSchema(name: string, fields: ReadonlyMap<string, Field>): z.ZodType<ColumnLeaf> {
  const shape = z.strictObject({
    type: z.literal(name),
    field: z.string(),
    path: jsonPathSchema.optional(),
    operator: z.string(),
    value: z.unknown().optional(),
  })
  return shape
    .superRefine((leaf, ctx) => {
      for (const issue of leafIssues(leaf, fields)) ctx.addIssue({ code: 'custom', ...issue })
    })
    .transform((leaf) => asWritten(leaf, fields.get(leaf.field)!))
}

/** Operators that compare with whole texts. */
const WHOLE = ['is', 'isNot', 'in', 'notIn']

/** What is asked for whole is found as it was written: Germany as DE. */
function asWritten(leaf: ColumnLeaf, field: Field): ColumnLeaf {
  if (!WHOLE.includes(leaf.operator) || !field.schema) return leaf
  const { value } = leaf
  if (Array.isArray(value)) return { ...leaf, value: value.map((one) => writtenText(field, one)) }
  return { ...leaf, value: writtenText(field, value) }
}

function leafIssues(leaf: ColumnLeaf, fields: ReadonlyMap<string, Field>): readonly ComparisonIssue[] {
  const field = fields.get(leaf.field)
  if (!field) return [{ path: ['field'], message: unknownName('field', leaf.field, [...fields.keys()]) }]
  if (isJson(field)) {
    if (leaf.path) return jsonComparisons.issues(leaf)
    return [
      { path: ['path'], message: `"${field.name}" is JSON: say where in it, key by key, such as ["plan"]` },
    ]
  }
  if (leaf.path) return [{ path: ['path'], message: `"${field.name}" is not JSON and has no path` }]
  const operator = operatorsFor(field).find(({ name }) => name === leaf.operator)
  if (!operator) return [unknownOperator(leaf, operatorsFor(field))]
  const issues = valueIssues(leaf, operator, field)
  if (issues.length > 0 || !operator.withField) return issues
  const alike = [...fields.values()].filter((one) => one.name !== field.name && isComparable(one, field))
  if (alike.some((one) => one.name === leaf.value)) return []
  const message = unknownName(
    'field',
    String(leaf.value),
    alike.map((one) => one.name),
  )
  return [{ path: ['value'], message }]
}

const ALIKE: Partial<Readonly<Record<FieldKind, string>>> = { enum: 'text', integer: 'number' }

function isComparable(one: Field, other: Field): boolean {
  return (ALIKE[one.kind] ?? one.kind) === (ALIKE[other.kind] ?? other.kind)
}

function editorFields(field: Field): readonly EditorField[] {
  if (isJson(field)) return jsonEditorFields(field.name, `field.${field.entity.name}.${field.name}`)
  return [
    {
      ...editorField(field.name, field.kind, operatorsFor(field)),
      ...(field.values ? { values: field.values } : {}),
      title: `field.${field.entity.name}.${field.name}`,
    },
  ]
}
