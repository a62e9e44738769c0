import type { AliasNode, ColumnNode, IdentifierNode, OperationNode, ReferenceNode } from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import { columnOf, DECODED, typeOf, type TypeSource } from './output-type.ts'
import { columnsOfEntity, type OutputColumn, type Scope, type Source } from './scope.ts'

/** Position of a selection → the type its name must carry, because the database does not tell it. */
export type Renames = ReadonlyMap<number, SqlType>

export interface Star {
  readonly sources: readonly Source[]
  /** Null when one of the sources has unknown columns. */
  readonly columns: readonly OutputColumn[] | null
}

/** What `*` or `table.*` stands for; null for any other selection. */
export function starOf(selection: OperationNode, scope: Scope): Star | null {
  if (selection.kind === 'SelectAllNode') return star(scope.sources)
  if (selection.kind !== 'ReferenceNode') return null
  const { column, table } = selection as ReferenceNode
  if (column.kind !== 'SelectAllNode') return null
  const source = table && scope.source(table.table.identifier.name)
  return source ? star([source]) : { sources: [], columns: null }
}

function star(sources: readonly Source[]): Star {
  const known = sources.length > 0 && sources.every(({ entity, columns }) => entity ?? columns)
  return { sources, columns: known ? sources.flatMap(columnsOfSource) : null }
}

export function columnsOfSource({ entity, columns }: Source): readonly OutputColumn[] {
  return entity ? [...columnsOfEntity(entity).values()] : (columns ?? [])
}

/** The columns of a query as the query around it sees them: no database tells the origin of all of these. */
export function derived(columns: readonly OutputColumn[] | null): readonly OutputColumn[] | null {
  return columns && columns.map((column) => (column.direct ? { ...column, direct: false } : column))
}

/** What one selection answers. */
export function outputOf(selection: OperationNode, source: TypeSource): OutputColumn {
  const expression = selection.kind === 'AliasNode' ? (selection as AliasNode).node : selection
  const column = columnOf(expression, source)
  if (column && expression === selection) return column
  const name = selection.kind === 'AliasNode' ? aliasOf(selection as AliasNode) : nameOf(selection)
  return { name, type: column?.type ?? typeOf(expression, source), direct: column?.direct ?? false }
}

/** The type that the name of a result must carry, because no database tells it; undefined when none. */
export function typeToCarry({ direct, name, type }: OutputColumn): SqlType | undefined {
  return !direct && name !== '' && DECODED.has(type) ? type : undefined
}

function aliasOf({ alias }: AliasNode): string {
  return alias.kind === 'IdentifierNode' ? (alias as IdentifierNode).name : ''
}

/** The name of a column that is named without its table; empty for every other expression. */
export function plainName(node: OperationNode): string {
  return node.kind === 'ReferenceNode' && (node as ReferenceNode).table ? '' : nameOf(node)
}

export function nameOf(node: OperationNode): string {
  if (node.kind === 'ColumnNode') return (node as ColumnNode).column.name
  const { column } = node as ReferenceNode
  return node.kind === 'ReferenceNode' && column.kind === 'ColumnNode' ? column.column.name : ''
}
