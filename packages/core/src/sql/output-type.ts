import type {
  AggregateFunctionNode,
  AliasNode,
  BinaryOperationNode,
  CaseNode,
  ColumnNode,
  FunctionNode,
  JSONReferenceNode,
  OperationNode,
  OperatorNode,
  ParensNode,
  ReferenceNode,
  UnaryOperationNode,
  ValueNode,
} from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import { TypedParameter } from './parameters.ts'
import type { OutputColumn } from './scope.ts'
import { declaredType, onlyChild } from './trusted-node.ts'

/** What the type of an expression is found out from. */
export interface TypeSource {
  /** The column a reference means. */
  column(name: string, table?: string): OutputColumn | undefined
  /** The columns of a sub-query that was transformed before. */
  outputs(query: OperationNode): readonly OutputColumn[] | null | undefined
}

/** Values of these types look different to the two drivers, so a result must say that it is one. */
export const DECODED: ReadonlySet<SqlType | undefined> = new Set<SqlType>([
  'uuid',
  'boolean',
  'timestamp',
  'json',
])

/** Operators whose operands have one type, so that a value takes the type of the column beside it. */
export const COMPARISONS: ReadonlySet<string> = new Set([
  ...['=', '==', '!=', '<>', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'],
  ...['is distinct from', 'is not distinct from', 'between', 'between symmetric'],
])

/** Functions that answer one of their arguments. */
export const CHOOSING: ReadonlySet<string> = new Set([
  'coalesce',
  'nullif',
  'ifnull',
  'greatest',
  'least',
  'min',
  'max',
])

const PREDICATES: ReadonlySet<string> = new Set([
  ...COMPARISONS,
  'like',
  'not like',
  'ilike',
  'not ilike',
  '@>',
  '<@',
])
const FIRST_ARGUMENT: ReadonlySet<string> = new Set([
  'min',
  'max',
  'first_value',
  'last_value',
  'nth_value',
  'lag',
  'lead',
])
const JSON_MAKERS: ReadonlySet<string> = new Set([
  ...[
    'json_agg',
    'jsonb_agg',
    'json_object_agg',
    'jsonb_object_agg',
    'json_build_object',
    'jsonb_build_object',
  ],
  ...[
    'json_group_array',
    'json_group_object',
    'json_object',
    'json_array',
    'json_build_array',
    'jsonb_build_array',
  ],
])
const BOOLEAN_MAKERS: ReadonlySet<string> = new Set(['bool_and', 'bool_or', 'every'])

/** The type an expression answers, as far as its columns tell; undefined for numbers of functions, raw SQL and the like. */
export function typeOf(node: OperationNode, source: TypeSource): SqlType | undefined {
  switch (node.kind) {
    case 'ReferenceNode':
    case 'ColumnNode':
      return columnOf(node, source)?.type
    case 'ParensNode':
      return typeOf((node as ParensNode).node, source)
    case 'AliasNode':
      return typeOf((node as AliasNode).node, source)
    case 'ValueNode':
      return typeOfValue((node as ValueNode).value)
    case 'AggregateFunctionNode': {
      const { func, aggregated } = node as AggregateFunctionNode
      return typeOfCall(func, aggregated, FIRST_ARGUMENT, source)
    }
    case 'FunctionNode': {
      const { func, arguments: values } = node as FunctionNode
      return typeOfCall(func, values, CHOOSING, source)
    }
    case 'CaseNode': {
      const { when, else: otherwise } = node as CaseNode
      return firstType([...(when ?? []).map(({ result }) => result), otherwise], source)
    }
    case 'SelectQueryNode': {
      const outputs = source.outputs(node)
      return outputs?.length === 1 ? outputs[0]?.type : undefined
    }
    case 'BinaryOperationNode':
      return PREDICATES.has(operatorOf((node as BinaryOperationNode).operator)) ? 'boolean' : undefined
    case 'UnaryOperationNode':
      return operatorOf((node as UnaryOperationNode).operator) === '-' ? undefined : 'boolean'
    case 'AndNode':
    case 'OrNode':
      return 'boolean'
    case 'JSONReferenceNode':
      return typeOfJson(node as JSONReferenceNode)
    case 'RawNode': {
      const child = onlyChild(node)
      return declaredType(node) ?? (child && typeOf(child, source))
    }
    default:
      return undefined
  }
}

/** The column a plain reference means, also inside `sql.ref`; undefined for every other expression. */
export function columnOf(node: OperationNode, source: TypeSource): OutputColumn | undefined {
  if (node.kind === 'ColumnNode') return source.column((node as ColumnNode).column.name)
  if (node.kind !== 'ReferenceNode') {
    const child = declaredType(node) ? undefined : onlyChild(node)
    return child && columnOf(child, source)
  }
  const { column, table } = node as ReferenceNode
  return column.kind === 'ColumnNode'
    ? source.column(column.column.name, table?.table.identifier.name)
    : undefined
}

/** The operator's text; empty for raw operators. */
export function operatorOf(node: OperationNode): string {
  return node.kind === 'OperatorNode' ? (node as OperatorNode).operator : ''
}

export function firstType(
  nodes: readonly (OperationNode | undefined)[],
  source: TypeSource,
): SqlType | undefined {
  for (const node of nodes) {
    const type = node && typeOf(node, source)
    if (type) return type
  }
  return undefined
}

function typeOfCall(
  func: string,
  values: readonly OperationNode[],
  choosing: ReadonlySet<string>,
  source: TypeSource,
): SqlType | undefined {
  if (choosing.has(func)) return firstType(values, source)
  if (JSON_MAKERS.has(func)) return 'json'
  return BOOLEAN_MAKERS.has(func) ? 'boolean' : undefined
}

function typeOfValue(value: unknown): SqlType | undefined {
  if (value instanceof TypedParameter) return value.type
  return typeof value === 'boolean' ? 'boolean' : undefined
}

function typeOfJson({ traversal }: JSONReferenceNode): SqlType | undefined {
  if (traversal.kind === 'JSONPathNode')
    return operatorOf(traversal.inOperator ?? traversal) === '->' ? 'json' : undefined
  return operatorOf(traversal.operator) === '->' ? 'json' : undefined
}
