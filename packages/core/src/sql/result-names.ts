import { IdentifierNode } from 'kysely'
import type {
  AliasNode,
  ColumnNode,
  GroupByNode,
  OperationNode,
  OrderByNode,
  ReferenceNode,
  RootOperationNode,
  SelectionNode,
  SelectQueryNode,
  UpdateQueryNode,
} from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import type { Renames } from './select-outputs.ts'

/**
 * The outermost query with result columns named `name::type` where the type must travel with the result; what orders
 * or groups by such a name follows. Sub-queries keep plain names, so this waits until a query is compiled.
 */
export function withTypedNames<T extends RootOperationNode>(node: T, renames: Renames): T {
  if (node.kind !== 'SelectQueryNode') {
    const { returning } = node as UpdateQueryNode
    return returning
      ? { ...node, returning: { ...returning, selections: rename(returning.selections, renames).selections } }
      : node
  }
  const select = node as SelectQueryNode
  const { selections, names } = rename(select.selections ?? [], renames)
  const renamed: SelectQueryNode = {
    ...select,
    selections,
    ...(select.orderBy && { orderBy: ordered(select.orderBy, names) }),
    ...(select.groupBy && { groupBy: grouped(select.groupBy, names) }),
  }
  return renamed as OperationNode as T
}

interface Renamed {
  readonly selections: readonly SelectionNode[]
  /** Names that exist only as names of results → what they are called now. */
  readonly names: ReadonlyMap<string, IdentifierNode>
}

function rename(selections: readonly SelectionNode[], renames: Renames): Renamed {
  const names = new Map<string, IdentifierNode>()
  const renamed = selections.map((node, index) => {
    const type = renames.get(index)
    if (!type) return node
    const { expression, name } = named(node.selection)
    const alias = typedName(name, type)
    names.set(name, alias)
    return {
      kind: 'SelectionNode',
      selection: { kind: 'AliasNode', node: expression, alias },
    } as SelectionNode
  })
  return { selections: renamed, names }
}

function typedName(name: string, type: SqlType): IdentifierNode {
  return IdentifierNode.create(`${name}::${type}`)
}

function named(selection: OperationNode): { readonly expression: OperationNode; readonly name: string } {
  if (selection.kind === 'AliasNode') {
    const { node, alias } = selection as AliasNode
    return { expression: node, name: (alias as IdentifierNode).name }
  }
  return { expression: selection, name: columnName(selection) }
}

function ordered(node: OrderByNode, names: ReadonlyMap<string, IdentifierNode>): OrderByNode {
  return { ...node, items: node.items.map((item) => ({ ...item, orderBy: followed(item.orderBy, names) })) }
}

function grouped(node: GroupByNode, names: ReadonlyMap<string, IdentifierNode>): GroupByNode {
  return {
    ...node,
    items: node.items.map((item) => ({
      ...item,
      groupBy: followed(item.groupBy, names) as typeof item.groupBy,
    })),
  }
}

function followed(node: OperationNode, names: ReadonlyMap<string, IdentifierNode>): OperationNode {
  if (node.kind === 'ReferenceNode' && (node as ReferenceNode).table) return node
  const alias = names.get(columnName(node))
  return alias ? ({ kind: 'ColumnNode', column: alias } as ColumnNode) : node
}

function columnName(node: OperationNode): string {
  if (node.kind === 'ColumnNode') return (node as ColumnNode).column.name
  const { column } = node as ReferenceNode
  return node.kind === 'ReferenceNode' && column.kind === 'ColumnNode' ? column.column.name : ''
}
