import { IdentifierNode } from 'kysely'
import type {
  AliasNode,
  ColumnNode,
  GroupByNode,
  OperationNode,
  OrderByNode,
  RootOperationNode,
  SelectionNode,
  UpdateQueryNode,
} from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import { nameOf, plainName, type Renames } from './select-outputs.ts'

/**
 * The outermost query with result columns named `name::type` where the type must travel with the result; what orders
 * or groups by such a name follows. Sub-queries keep plain names, so this waits until a query is compiled.
 */
export function withTypedNames(
  node: RootOperationNode,
  renames: Renames,
  groupedResults: readonly string[],
): RootOperationNode {
  if (node.kind !== 'SelectQueryNode') return returningTyped(node as UpdateQueryNode, renames)
  const { selections, names } = rename(node.selections ?? [], renames)
  return {
    ...node,
    selections,
    ...(node.orderBy && { orderBy: ordered(node.orderBy, names) }),
    ...(node.groupBy && { groupBy: grouped(node.groupBy, only(names, groupedResults)) }),
  }
}

/** Inserts and deletes return as updates do. */
function returningTyped(node: UpdateQueryNode, renames: Renames): RootOperationNode {
  const { returning } = node
  if (!returning) return node
  return {
    ...node,
    returning: { ...returning, selections: rename(returning.selections, renames).selections },
  }
}

interface Renamed {
  readonly selections: readonly SelectionNode[]
  /** Names that exist only as names of results → what they are called now. */
  readonly names: ReadonlyMap<string, IdentifierNode>
}

function rename(selections: readonly SelectionNode[], renames: Renames): Renamed {
  const names = new Map<string, IdentifierNode>()
  const renamed = selections.map((node, index): SelectionNode => {
    const type = renames.get(index)
    if (!type) return node
    const { expression, name } = named(node.selection)
    const alias = typedName(name, type)
    names.set(name, alias)
    return { kind: 'SelectionNode', selection: { kind: 'AliasNode', node: expression, alias } }
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
  return { expression: selection, name: nameOf(selection) }
}

function ordered(node: OrderByNode, names: ReadonlyMap<string, IdentifierNode>): OrderByNode {
  return { ...node, items: node.items.map((item) => ({ ...item, orderBy: followed(item.orderBy, names) })) }
}

function grouped(node: GroupByNode, names: ReadonlyMap<string, IdentifierNode>): GroupByNode {
  return {
    ...node,
    items: node.items.map((item) => ({
      ...item,
      groupBy: followed(item.groupBy, names),
    })),
  }
}

function only(
  names: ReadonlyMap<string, IdentifierNode>,
  kept: readonly string[],
): ReadonlyMap<string, IdentifierNode> {
  return new Map([...names].filter(([name]) => kept.includes(name)))
}

function followed<T extends OperationNode>(
  node: T,
  names: ReadonlyMap<string, IdentifierNode>,
): T | ColumnNode {
  const alias = names.get(plainName(node))
  return alias ? { kind: 'ColumnNode', column: alias } : node
}
