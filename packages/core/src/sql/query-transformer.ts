import { ReferenceNode } from 'kysely'
import type {
  AliasNode,
  CommonTableExpressionNode,
  GroupByNode,
  OperationNode,
  ParensNode,
  SelectionNode,
  SelectQueryNode,
  SetOperationNode,
  WithNode,
} from 'kysely'
import type { ExpectedType } from './expression-transformer.ts'
import type { SqlType } from '../storage/physical.ts'
import { finishedOf } from './finished.ts'
import { Scope, type OutputColumn, type Source } from './scope.ts'
import {
  columnsOfSource,
  derived,
  outputOf,
  plainName,
  starOf,
  typeToCarry,
  type Renames,
} from './select-outputs.ts'
import { keepsRight, refused, SourceTransformer } from './source-transformer.ts'

interface Expanded {
  readonly node: OperationNode
  readonly carries: SqlType | undefined
}

interface RecursiveCte {
  readonly expression: OperationNode
  readonly name: string
  readonly scope: Scope
}

/** Queries and what they answer: SELECT with all its clauses, set operations, common table expressions. */
export abstract class QueryTransformer extends SourceTransformer {
  protected root: OperationNode | null = null
  protected renames: Renames | null = null
  /** Names that the outermost query groups by and that are no columns it reads: those of its results. */
  protected groupedResults: readonly string[] = NONE
  /** The recursive CTE whose first arm tells its columns. */
  protected recursive: RecursiveCte | null = null

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    return this.#select(node)
  }

  #select(node: SelectQueryNode, types?: readonly ExpectedType[]): SelectQueryNode {
    if (this.isDone(node)) return node
    const outer = this.scope
    const crossedOutside = this.crossed
    this.crossed = NONE
    const shared = node.with ? (this.scope = new Scope(outer)) : outer
    const withNode = node.with && this.transformWith(node.with)
    const scope = (this.scope = new Scope(shared))
    const narrow = keepsRight(node.joins)
    const from = node.from && this.from(node.from, narrow)
    const listed = scope.sources.length
    const joins = node.joins?.map((join) => this.join(join, narrow))
    const selections = node.selections && this.selections(node, node.selections, types)
    let where = node.where && this.transformNode(node.where.where)
    for (const source of narrow ? NONE : [...scope.sources.slice(0, listed), ...this.crossed]) {
      where = this.bind('select.from', where, source)
      where = this.hide(where, source)
    }
    this.crossed = crossedOutside
    if (node === this.root && node.groupBy) this.groupedResults = this.#groupedResults(node.groupBy)
    // All properties are written every time: trees of one shape compile faster.
    const transformed: Clauses = {
      kind: 'SelectQueryNode',
      with: withNode,
      from,
      selections,
      distinctOn: this.transformNodeList(node.distinctOn),
      joins,
      where: where && { kind: 'WhereNode', where },
      groupBy: this.transformNode(node.groupBy),
      having: this.transformNode(node.having),
      orderBy: this.transformNode(node.orderBy),
      limit: this.transformNode(node.limit),
      offset: this.transformNode(node.offset),
      fetch: this.transformNode(node.fetch),
      frontModifiers: this.transformNodeList(node.frontModifiers),
      endModifiers: node.endModifiers?.map((modifier) => this.endModifier(modifier) as typeof modifier),
      explain: this.transformNode(node.explain),
      top: this.transformNode(node.top),
      setOperations: undefined,
    }
    this.scope = shared
    if (node.setOperations) transformed.setOperations = node.setOperations.map((arm) => this.#arm(arm, types))
    this.scope = outer
    return transformed as SelectQueryNode
  }

  #groupedResults({ items }: GroupByNode): readonly string[] {
    return items.flatMap(({ groupBy }) => {
      const name = plainName(groupBy)
      return name === '' || this.column(name) ? [] : [this.parts.names.column(name).column.name]
    })
  }

  #arm(node: SetOperationNode, types?: readonly ExpectedType[]): SetOperationNode {
    return { ...node, expression: this.query(node.expression, types) }
  }

  /** A query whose result columns have types of their own: the rows of an insert. */
  protected query(node: OperationNode, types?: readonly ExpectedType[]): OperationNode {
    if (node.kind === 'SelectQueryNode') return this.#select(node as SelectQueryNode, types)
    if (node.kind !== 'ParensNode') return this.transformNode(node)
    const parens: ParensNode = { kind: 'ParensNode', node: this.query((node as ParensNode).node, types) }
    return parens
  }

  protected isDone(node: OperationNode): boolean {
    const finished = finishedOf(node)
    if (!finished) return false
    if (finished.tenant !== (this.tenant?.value ?? null)) {
      throw refused('a query with a sub-query of another context', 'build both with the same ctx.db')
    }
    this.queryOutputs.set(node, finished.outputs)
    return true
  }

  protected override transformWith(node: WithNode): WithNode {
    const { scope } = this
    if (node.recursive)
      for (const { name } of node.expressions) scope.addCte(name.table.table.identifier.name, null)
    return {
      ...node,
      expressions: node.expressions.map((expression) => this.#cte(expression, scope, node.recursive)),
    }
  }

  #cte(
    node: CommonTableExpressionNode,
    scope: Scope,
    recursive: boolean | undefined,
  ): CommonTableExpressionNode {
    const { name } = node.name.table.table.identifier
    const table = this.parts.names.table(name)
    if (this.parts.registry.tables.has(table.table.identifier.name)) {
      throw refused(`a query with a CTE named "${name}"`, 'it is the name of a table; choose another')
    }
    const outside = this.recursive
    this.recursive = recursive ? { expression: node.expression, name, scope } : null
    const expression = this.transformNode(node.expression)
    this.recursive = outside
    const explicit = node.name.columns?.map(({ column }) => column.name)
    const columns = derived(this.queryOutputs.get(node.expression) ?? null)
    scope.addCte(name, explicit ? renamed(columns, explicit) : columns)
    const columnNodes = node.name.columns?.map((column) => this.transformColumn(column))
    return {
      ...node,
      name: { ...node.name, table, ...(columnNodes && { columns: columnNodes }) },
      expression,
    }
  }

  /** Transforms what a query selects or returns, and keeps what it answers. */
  protected selections(
    query: OperationNode,
    nodes: readonly SelectionNode[],
    types?: readonly ExpectedType[],
  ): SelectionNode[] {
    const columns: OutputColumn[] = []
    const selections: SelectionNode[] = []
    const renames = new Map<number, SqlType>()
    let known = true
    for (const [index, { selection }] of nodes.entries()) {
      const star = starOf(selection, this.scope)
      if (!star) {
        const column = selections.push(selectionOf(this.#selected(selection, types?.[index]))) - 1
        columns.push(this.#output(selection, column, renames))
        continue
      }
      known &&= star.columns !== null
      columns.push(...(star.columns ?? NONE))
      const expanded = star.columns && this.#expanded(star.sources)
      for (const { node, carries } of expanded ?? [
        { node: this.transformNode(selection), carries: undefined },
      ]) {
        const at = selections.push(selectionOf(node)) - 1
        if (carries) renames.set(at, carries)
      }
    }
    this.queryOutputs.set(query, known ? columns : null)
    if (query === this.root && renames.size > 0) this.renames = renames
    const { recursive } = this
    if (recursive?.expression === query && known) recursive.scope.addCte(recursive.name, derived(columns))
    return selections
  }

  #output(selection: OperationNode, index: number, renames: Map<number, SqlType>): OutputColumn {
    const column = outputOf(selection, this)
    const type = typeToCarry(column)
    if (type) renames.set(index, type)
    return column
  }

  #selected(node: OperationNode, type: ExpectedType): OperationNode {
    if (type === undefined || node.kind !== 'AliasNode') return this.encoded(node, type)
    const { node: expression, alias } = node as AliasNode
    return {
      kind: 'AliasNode',
      node: this.encoded(expression, type),
      alias: this.transformNode(alias),
    } as AliasNode
  }

  /** `*` over a sub-query: the database may not tell the types of its columns, so they are written out and named. */
  #expanded(sources: readonly Source[]): Expanded[] | null {
    if (sources.every(({ entity }) => entity)) return null
    return sources.flatMap((source) =>
      columnsOfSource(source).map((column) => ({
        node: ReferenceNode.create(this.parts.names.column(column.name), source.table),
        carries: typeToCarry(column),
      })),
    )
  }
}

/** A {@link SelectQueryNode} with all its properties, in which those left out are undefined. */
type Clauses = { -readonly [K in keyof SelectQueryNode]-?: SelectQueryNode[K] | undefined }

const NONE: readonly never[] = []

function selectionOf(node: OperationNode): SelectionNode {
  return { kind: 'SelectionNode', selection: node as SelectionNode['selection'] }
}

function renamed(
  columns: readonly OutputColumn[] | null,
  names: readonly string[],
): readonly OutputColumn[] | null {
  return columns && columns.map((column, index) => ({ ...column, name: names[index] ?? '' }))
}
