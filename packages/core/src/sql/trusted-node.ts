import type { OperationNode, RawNode } from 'kysely'
import type { SqlType } from '../storage/physical.ts'

/** What the guard and the result types know about SQL that this folder wrote itself. */
interface Trust {
  /** The type its result is decoded as. */
  readonly type: SqlType | undefined
  /** Its own fragments may do what fragments of others may not. */
  readonly trusted: boolean
}

const trusts = new WeakMap<OperationNode, Trust>()

/** SQL text of our own, always in parentheses or a function call. Its parameters are looked at as any others. */
export function trustedRaw(
  sqlFragments: readonly string[],
  parameters: readonly OperationNode[],
  type?: SqlType,
): RawNode {
  const node: RawNode = { kind: 'RawNode', sqlFragments, parameters }
  trusts.set(node, { type, trusted: true })
  return node
}

/** Any expression, its result decoded as `type`. */
export function typedNode(node: OperationNode, type: SqlType): RawNode {
  const typed: RawNode = { kind: 'RawNode', sqlFragments: ['', ''], parameters: [node] }
  trusts.set(typed, { type, trusted: false })
  return typed
}

export function isTrusted(node: OperationNode): boolean {
  return trusts.get(node)?.trusted === true
}

export function declaredType(node: OperationNode): SqlType | undefined {
  return trusts.get(node)?.type
}

/** A raw node without text of its own around one child: `sql.ref('a.b')`, `sql.val(1)`. */
export function onlyChild(node: OperationNode): OperationNode | undefined {
  if (node.kind !== 'RawNode') return undefined
  const { sqlFragments, parameters } = node as RawNode
  return parameters.length === 1 && sqlFragments.every((fragment) => fragment === '')
    ? parameters[0]
    : undefined
}
