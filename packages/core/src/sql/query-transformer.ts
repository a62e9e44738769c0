import { ReferenceNode } from 'kysely'
import type {
  AliasNode,
  CommonTableExpressionNode,
  OperationNode,
  ParensNode,
  SelectionNode,
  SelectQueryNode,
  SetOperationNode,
  WithNode,
} from 'kysely'
import type { ExpectedType } from './expression-transformer.ts'
import { Scope, type OutputColumn, type Source } from './scope.ts'
import { columnsOfSource, derived, outputOf, renamesOf, starOf, type Renames } from './select-outputs.ts'
import { keepsRight, refused, SourceTransformer, whereOf } from './source-transformer.ts'

/** What is known about a query that was transformed, for when it is compiled or used inside another. */
export interface Finished {
  readonly tenant: unknown
  readonly outputs: readonly OutputColumn[] | null
  /** Selections of the outermost query whose names must carry their types. */
  readonly renames: Renames | null
}

interface RecursiveCte {
  readonly expression: OperationNode
  readonly name: string
  readonly scope: Scope
}

/** Queries and what they answer: SELECT with all its clauses, set operations, common table expressions. */
export abstract class QueryTransformer extends SourceTransformer {
  /** Sub-queries built from a handle of ours arrive transformed: a builder transforms when it is read. */
  protected readonly done = new WeakMap<OperationNode, Finished>()
  protected root: OperationNode | null = null
  protected renames: Renames | null = null
  /** The recursive CTE whose first arm tells its columns. */
  protected recursive: RecursiveCte | null = null

  /** Undefined for trees that this transformer did not make. */
  finished(node: OperationNode): Finished | undefined {
    return this.done.get(node)
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    return this.#select(node)
  }

  #select(node: SelectQueryNode, types?: readonly ExpectedType[]): SelectQueryNode {
    if (this.isDone(node)) return node
    const outer = this.scope
    const crossedOutside = this.crossed
    this.crossed = []
    const shared = (this.scope = new Scope(outer))
    const withNode = node.with && this.transformWith(node.with)
    this.scope = new Scope(shared)
    const narrow = keepsRight(node.joins)
    const from = node.from && this.from(node.from, narrow)
    const sources = [...this.scope.sources]
    const joins = node.joins?.map((join) => this.join(join, narrow))
    const selections = node.selections && this.selections(node, node.selections, types)
    let where = node.where && this.transformNode(node.where.where)
    for (const source of narrow ? [] : [...sources, ...this.crossed]) {
      where = this.bind('select.from', where, source)
      where = this.hide(where, source)
    }
    this.crossed = crossedOutside
    const { with: _with, from: _from, joins: _joins, selections: _selections, where: _where, ...rest } = node
    const { setOperations, endModifiers, ...clauses } = rest
    const transformed = super.transformSelectQuery({ ...clauses, kind: 'SelectQueryNode' })
    const modifiers = endModifiers?.map((modifier) => this.endModifier(modifier) as typeof modifier)
    this.scope = shared
    const arms = setOperations?.map((arm) => this.#arm(arm, types))
    this.scope = outer
    return {
      ...transformed,
      ...(withNode && { with: withNode }),
      ...(from && { from }),
      ...(joins && { joins }),
      ...(selections && { selections }),
      ...whereOf(where),
      ...(modifiers && { endModifiers: modifiers }),
      ...(arms && { setOperations: arms }),
    }
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
    const finished = this.done.get(node)
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
      for (const { name } of node.expressions) scope.ctes.set(name.table.table.identifier.name, null)
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
    scope.ctes.set(name, explicit ? renamed(columns, explicit) : columns)
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
    const bySelection: (OutputColumn | null)[] = []
    let known = true
    nodes.forEach(({ selection }, index) => {
      const star = starOf(selection, this.scope)
      if (!star) {
        selections.push(selectionOf(this.#selected(selection, types?.[index])))
        const column = outputOf(selection, this)
        columns.push(column)
        bySelection.push(column)
        return
      }
      columns.push(...(star.columns ?? []))
      known &&= star.columns !== null
      const expanded = star.columns && this.#expanded(star.sources)
      for (const one of expanded ?? [this.transformNode(selection)]) selections.push(selectionOf(one))
      bySelection.push(...((expanded && star.columns) ?? [null]))
    })
    this.queryOutputs.set(query, known ? columns : null)
    if (query === this.root) this.renames = renamesOf(bySelection)
    const { recursive } = this
    if (recursive?.expression === query && known) recursive.scope.ctes.set(recursive.name, derived(columns))
    return selections
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
  #expanded(sources: readonly Source[]): OperationNode[] | null {
    if (sources.every(({ entity }) => entity)) return null
    return sources.flatMap((source) =>
      columnsOfSource(source).map(({ name }) =>
        ReferenceNode.create(this.parts.names.column(name), source.table),
      ),
    )
  }
}

function selectionOf(node: OperationNode): SelectionNode {
  return { kind: 'SelectionNode', selection: node as SelectionNode['selection'] }
}

function renamed(
  columns: readonly OutputColumn[] | null,
  names: readonly string[],
): readonly OutputColumn[] | null {
  return columns && columns.map((column, index) => ({ ...column, name: names[index] ?? '' }))
}
