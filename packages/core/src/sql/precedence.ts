import { AndNode, ParensNode } from 'kysely'
import type { BinaryOperationNode, OperationNode, UnaryOperationNode } from 'kysely'
import { operatorOf } from './output-type.ts'
import { isTrusted } from './trusted-node.ts'

const CLOSED: ReadonlySet<OperationNode['kind']> = new Set<OperationNode['kind']>([
  ...(['ParensNode', 'ReferenceNode', 'ColumnNode', 'ValueNode', 'SelectQueryNode', 'FunctionNode'] as const),
  ...(['AggregateFunctionNode', 'CastNode', 'TupleNode', 'ValueListNode', 'PrimitiveValueListNode'] as const),
])

/** `existing AND predicate`, whatever `existing` is: raw `a or b` would otherwise swallow the predicate. */
export function and(existing: OperationNode | undefined, predicate: OperationNode): OperationNode {
  return existing ? AndNode.create(closed(existing), predicate) : predicate
}

/** The expression, in parentheses where anything written after it could be read as a part of it. */
export function closed(node: OperationNode): OperationNode {
  return isClosed(node) ? node : ParensNode.create(node)
}

function isClosed(node: OperationNode): boolean {
  if (CLOSED.has(node.kind)) return true
  switch (node.kind) {
    case 'AndNode':
      return isClosed((node as AndNode).left) && isClosed((node as AndNode).right)
    case 'BinaryOperationNode': {
      const { leftOperand, operator, rightOperand } = node as BinaryOperationNode
      return operatorOf(operator) !== '' && isClosed(leftOperand) && isClosed(rightOperand)
    }
    case 'UnaryOperationNode':
      return isClosed((node as UnaryOperationNode).operand)
    case 'RawNode':
      return isTrusted(node)
    default:
      return false
  }
}
