import {
  ColumnNode,
  FromNode,
  OperatorNode,
  ReferenceNode,
  SelectAllNode,
  SelectionNode,
  ValueNode,
} from 'kysely'
import type {
  AliasNode,
  BinaryOperationNode,
  ColumnUpdateNode,
  CommonTableExpressionNode,
  DeleteQueryNode,
  IdentifierNode,
  InsertQueryNode,
  JoinNode,
  MergeQueryNode,
  OnConflictNode,
  OperationNode,
  ParensNode,
  QueryId,
  RawNode,
  ReturningNode,
  RootOperationNode,
  SelectQueryNode,
  SetOperationNode,
  TableNode,
  UpdateQueryNode,
  ValuesNode,
  WhereNode,
  WithNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import { ExpressionTransformer, type ExpectedType } from './expression-transformer.ts'
import { insertedRows, withConstant, type InsertedRows } from './inserted-rows.ts'
import { and, closed } from './precedence.ts'
import { Scope, type OutputColumn, type Source } from './scope.ts'
import { columnsOfSource, derived, outputOf, renamesOf, starOf, type Renames } from './select-outputs.ts'
import type { Binding } from './sql-layer.ts'
import { onlyChild } from './trusted-node.ts'

/** What is known about a query that was transformed, for when it is compiled or used inside another. */
export interface Finished {
  readonly tenant: unknown
  readonly outputs: readonly OutputColumn[] | null
  /** Selections of the outermost query whose names must carry their types. */
  readonly renames: Renames | null
}

const TENANT_COLUMN = ColumnNode.create('tenant_id')
const DELETED_COLUMN = ColumnNode.create('deleted_at')
const EQUALS = OperatorNode.create('=')
const IS = OperatorNode.create('is')
const NULL = ValueNode.createImmediate(null)
const ALL: readonly SelectionNode[] = [SelectionNode.create(SelectAllNode.create())]

const STATEMENTS: ReadonlySet<string> = new Set([
  ...['SelectQueryNode', 'InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'RawNode'],
])
/** Both sides' rows are kept, so a condition in ON or WHERE comes too late: the table itself is narrowed. */
const KEEPS_RIGHT: ReadonlySet<string> = new Set(['RightJoin', 'FullJoin'])
const WITHOUT_ON: ReadonlySet<string> = new Set(['CrossJoin', 'LateralCrossJoin'])
const JOINS: ReadonlySet<string> = new Set([
  ...['InnerJoin', 'LeftJoin', 'RightJoin', 'FullJoin', 'CrossJoin'],
  ...['LateralInnerJoin', 'LateralLeftJoin', 'LateralCrossJoin'],
])

/**
 * The pass over a query tree. Every line that calls `#bind` or `#stamp` is a wall between tenants; the isolation suite
 * takes them away one by one.
 */
export class StatementTransformer extends ExpressionTransformer {
  readonly #finished = new WeakMap<OperationNode, Finished>()
  #binding: Binding = { tenantId: null, writes: 'refuse', removed: 'hide' }
  #tenant: ValueNode | null = null
  #renames: Renames | null = null
  #root: OperationNode | null = null
  /** Cross-joined tables have no ON; their predicates go to WHERE. */
  #crossed: Source[] = []
  /** The recursive CTE whose first arm tells its columns. */
  #recursive: { readonly expression: OperationNode; readonly name: string; readonly scope: Scope } | null =
    null

  /** @param tenant the value to bind: the binding's tenant, its slot in a prepared statement, or null. */
  transform<T extends RootOperationNode>(node: T, binding: Binding, tenant: unknown): T {
    if (this.#finished.has(node)) return node
    this.#binding = binding
    this.#tenant = tenant === null ? null : ValueNode.create(tenant)
    this.guarded = tenant !== null || binding.writes === 'refuse'
    this.scope = new Scope(null)
    this.#root = node
    this.#renames = null
    this.#crossed = []
    this.#recursive = null
    this.queryOutputs.clear()
    if (this.guarded && !STATEMENTS.has(node.kind))
      throw refused(node.kind, 'contexts read and write rows, nothing else')
    const transformed = this.transformNode(node)
    const outputs = this.queryOutputs.get(node) ?? null
    this.#finished.set(transformed, { tenant, outputs, renames: this.#renames })
    return transformed
  }

  /** Undefined for trees that this transformer did not make. */
  finished(node: OperationNode): Finished | undefined {
    return this.#finished.get(node)
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    return this.#select(node)
  }

  #select(node: SelectQueryNode, types?: readonly ExpectedType[]): SelectQueryNode {
    if (this.#isFinished(node)) return node
    const outer = this.scope
    const crossedOutside = this.#crossed
    this.#crossed = []
    const shared = new Scope(outer)
    this.scope = shared
    const withNode = node.with && this.transformWith(node.with)
    const scope = (this.scope = new Scope(shared))
    const narrow = keepsRight(node.joins)
    const from = node.from && this.#from(node.from, narrow)
    const sources = [...scope.sources]
    const joins = node.joins?.map((join) => this.#join(join, narrow))
    const selections = node.selections && this.#selections(node, node.selections, types)
    let where = node.where && this.transformNode(node.where.where)
    for (const source of narrow ? [] : sources) {
      where = this.#bind('select.from', where, source)
      where = this.#hide(where, source)
    }
    for (const source of this.#crossed) {
      where = this.#bind('join.cross', where, source)
      where = this.#hide(where, source)
    }
    this.#crossed = crossedOutside
    const {
      with: _with,
      from: _from,
      joins: _joins,
      selections: _selections,
      where: _where,
      setOperations,
      ...rest
    } = node
    const transformed = super.transformSelectQuery({ ...rest, kind: 'SelectQueryNode' })
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
      ...(arms && { setOperations: arms }),
    }
  }

  #arm(node: SetOperationNode, types?: readonly ExpectedType[]): SetOperationNode {
    return { ...node, expression: this.#query(node.expression, types) }
  }

  /** A query whose result columns have types of their own: the rows of an insert. */
  #query(node: OperationNode, types?: readonly ExpectedType[]): OperationNode {
    if (node.kind === 'SelectQueryNode') return this.#select(node as SelectQueryNode, types)
    if (node.kind !== 'ParensNode') return this.transformNode(node)
    const parens: ParensNode = { kind: 'ParensNode', node: this.#query((node as ParensNode).node, types) }
    return parens
  }

  #isFinished(node: OperationNode): boolean {
    const finished = this.#finished.get(node)
    if (!finished) return false
    if (finished.tenant !== (this.#tenant?.value ?? null)) {
      throw refused('a query with a sub-query of another context', 'build both with the same ctx.db')
    }
    this.queryOutputs.set(node, finished.outputs)
    return true
  }

  #from(node: FromNode, narrow: boolean): FromNode {
    return FromNode.create(node.froms.map((item) => this.#source(item, narrow)))
  }

  #join(node: JoinNode, narrow: boolean): JoinNode {
    if (this.guarded && !JOINS.has(node.joinType))
      throw refused(`a join of kind ${node.joinType}`, 'it cannot be bound to a tenant')
    const table = this.#source(node.table, narrow)
    const source = this.scope.sources.at(-1) as Source
    let on = node.on && closed(this.transformNode(node.on.on))
    if (narrow) return joinNode(node, table, on)
    if (WITHOUT_ON.has(node.joinType)) {
      this.#crossed.push(source)
      return joinNode(node, table, on)
    }
    on = this.#bind('join.on', on, source)
    on = this.#hide(on, source)
    return joinNode(node, table, on)
  }

  /** Adds what a FROM or JOIN names to the scope. */
  #source(node: OperationNode, narrow: boolean): OperationNode {
    if (node.kind === 'TableNode') return this.#table(node as TableNode, undefined, narrow)
    if (node.kind !== 'AliasNode') {
      this.scope.add({ name: '', table: this.parts.names.table(''), entity: null, columns: null })
      return this.rawSource(node)
    }
    const { node: named, alias } = node as AliasNode
    if (named.kind === 'TableNode' && alias.kind === 'IdentifierNode')
      return this.#table(named as TableNode, alias as IdentifierNode, narrow)
    if (named.kind === 'TableNode') throw refused('a table with a raw alias', 'give it a plain one')
    const transformed = this.rawSource(named)
    const name = aliasName(alias)
    this.scope.add({
      name,
      table: this.parts.names.table(name),
      entity: null,
      columns: this.#derivedColumns(named),
    })
    return { kind: 'AliasNode', node: transformed, alias: this.transformNode(alias) } as AliasNode
  }

  #derivedColumns(node: OperationNode): readonly OutputColumn[] | null {
    const inner = node.kind === 'ParensNode' ? (node as ParensNode).node : node
    return derived(this.queryOutputs.get(inner) ?? null)
  }

  #table(node: TableNode, alias: IdentifierNode | undefined, narrow: boolean): OperationNode {
    const { identifier, schema } = node.table
    const columns = schema ? undefined : this.scope.cte(identifier.name)
    const name = alias?.name ?? identifier.name
    if (columns !== undefined) {
      this.scope.add({ name, table: this.parts.names.table(name), entity: null, columns })
      return aliased(this.parts.names.table(identifier.name), alias && this.transformIdentifier(alias))
    }
    const source = this.#entitySource(node, alias)
    this.scope.add(source)
    const table = this.#physical(node, source)
    if (!narrow || !source.entity) return aliased(table, alias && this.transformIdentifier(alias))
    let where: OperationNode | undefined
    where = this.#bind('join.outer', where, { ...source, table: this.#physical(node, source) })
    where = this.#hide(where, { ...source, table: this.#physical(node, source) })
    const narrowed: SelectQueryNode = {
      kind: 'SelectQueryNode',
      from: FromNode.create([table]),
      selections: ALL,
      ...whereOf(where),
    }
    return aliased(where ? narrowed : table, source.table.table.identifier)
  }

  #physical(node: TableNode, { entity }: Source): TableNode {
    return entity
      ? this.parts.names.table(entity.physicalName)
      : node.table.schema
        ? node
        : this.parts.names.table(node.table.identifier.name)
  }

  /** @throws `storage.unknown_table` for what is no entity, except for the system. */
  #entitySource(node: TableNode, alias: IdentifierNode | undefined): Source {
    const { identifier, schema } = node.table
    if (schema) this.schemaTable(node)
    const entity = (!schema && this.parts.registry.entities.get(identifier.name)) || null
    if (!entity && this.guarded) throw coreErrors['storage.unknown_table']({ table: identifier.name })
    const visible = alias?.name ?? entity?.physicalName ?? identifier.name
    return {
      name: alias?.name ?? identifier.name,
      table: this.parts.names.table(visible),
      entity,
      columns: null,
    }
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
    const outside = this.#recursive
    this.#recursive = recursive ? { expression: node.expression, name, scope } : null
    const expression = this.transformNode(node.expression)
    this.#recursive = outside
    const explicit = node.name.columns?.map(({ column }) => column.name)
    const columns = derived(this.queryOutputs.get(node.expression) ?? null)
    scope.ctes.set(
      name,
      explicit && columns
        ? columns.map((column, index) => ({ ...column, name: explicit[index] ?? '' }))
        : columns,
    )
    const columnNodes = node.name.columns?.map((column) => this.transformColumn(column))
    return {
      ...node,
      name: { ...node.name, table, ...(columnNodes && { columns: columnNodes }) },
      expression,
    }
  }

  #selections(
    query: OperationNode,
    nodes: readonly SelectionNode[],
    types?: readonly ExpectedType[],
  ): SelectionNode[] {
    const columns: OutputColumn[] = []
    const selections: SelectionNode[] = []
    const ofSelection: (OutputColumn | null)[] = []
    let known = true
    nodes.forEach(({ selection }, index) => {
      const star = starOf(selection, this.scope)
      if (!star) {
        const transformed = this.#selected(selection, types?.[index])
        const column = outputOf(selection, this)
        columns.push(column)
        ofSelection.push(column)
        selections.push({ kind: 'SelectionNode', selection: transformed as SelectionNode['selection'] })
        return
      }
      const expanded = star.columns && this.#expanded(star.sources)
      if (star.columns) columns.push(...star.columns)
      else known = false
      for (const one of expanded ?? [this.transformNode(selection)]) {
        selections.push({ kind: 'SelectionNode', selection: one as SelectionNode['selection'] })
        ofSelection.push(null)
      }
      if (expanded && star.columns)
        ofSelection.splice(-star.columns.length, star.columns.length, ...star.columns)
    })
    this.queryOutputs.set(query, known ? columns : null)
    if (query === this.#root) this.#renames = renamesOf(ofSelection)
    const recursive = this.#recursive
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

  /** `*` over a sub-query whose columns the database cannot tell the types of: written out, so that names can carry them. */
  #expanded(sources: readonly Source[]): OperationNode[] | null {
    if (sources.every(({ entity }) => entity)) return null
    return sources.flatMap((source) =>
      columnsOfSource(source).map(({ name }) =>
        ReferenceNode.create(this.parts.names.column(name), source.table),
      ),
    )
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    if (this.#isFinished(node)) return node
    const outer = this.scope
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    const target = this.#target(node.into, 'insert')
    const types = node.columns?.map(({ column }) => this.column(column.name, target.source.name)?.type)
    let rows: InsertedRows = insertedRows(node, this.#values(node.values, types), (column) =>
      this.transformColumn(column),
    )
    rows = this.#stamp('insert.rows', rows, target.source)
    const onConflict = node.onConflict && this.#onConflict(node.onConflict, target.source)
    const returning = node.returning && this.#returning(node, node.returning)
    const {
      with: _w,
      into: _i,
      columns: _c,
      values: _v,
      onConflict: _o,
      returning: _r,
      defaultValues: _d,
      ...rest
    } = node
    const transformed = super.transformInsertQuery({ ...rest, kind: 'InsertQueryNode' })
    this.scope = outer
    return {
      ...transformed,
      into: target.node as TableNode,
      ...rows,
      ...(withNode && { with: withNode }),
      ...(onConflict && { onConflict }),
      ...(returning && { returning }),
    }
  }

  #values(
    values: OperationNode | undefined,
    types: readonly ExpectedType[] | undefined,
  ): OperationNode | undefined {
    if (values?.kind !== 'ValuesNode') return values && this.#query(values, types)
    const rows = (values as ValuesNode).values.map((row) =>
      row.kind === 'PrimitiveValueListNode'
        ? {
            ...row,
            values: row.values.map((value, index) => this.parts.encode(value, types?.[index] as undefined)),
          }
        : { ...row, values: row.values.map((value, index) => this.encoded(value, types?.[index])) },
    )
    return { ...values, values: rows } as ValuesNode
  }

  #onConflict(node: OnConflictNode, target: Source): OnConflictNode {
    const excluded: Source = { ...target, name: 'excluded', table: this.parts.names.table('excluded') }
    this.scope.add(excluded)
    const { columns, updates, updateWhere, ...rest } = node
    const transformed = super.transformOnConflict({ ...rest, kind: 'OnConflictNode' })
    const keys = columns?.map((column) => this.transformColumn(column))
    let where = updateWhere && this.transformNode(updateWhere.where)
    if (updates) where = this.#bind('insert.conflict', where, target)
    return {
      ...transformed,
      ...(keys && { columns: this.#withTenantKey(keys, target) }),
      ...(updates && { updates: updates.map((update) => this.#update(update, target)) }),
      ...(where && { updateWhere: { kind: 'WhereNode', where } as WhereNode }),
    }
  }

  /** Every unique key of a tenant's table starts with the tenant, so a conflict target that leaves it out names none. */
  #withTenantKey(keys: readonly ColumnNode[], { entity }: Source): readonly ColumnNode[] {
    const missing =
      entity?.tenancy === 'tenant' && this.#tenant && keys.every(({ column }) => column.name !== 'tenant_id')
    return missing ? [TENANT_COLUMN, ...keys] : keys
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    if (this.#isFinished(node)) return node
    const outer = this.scope
    const crossedOutside = this.#crossed
    this.#crossed = []
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    const target = this.#target(node.table, 'update')
    const narrow = keepsRight(node.joins)
    const from = node.from && this.#from(node.from, narrow)
    const sources = this.scope.sources.slice(1)
    const joins = node.joins?.map((join) => this.#join(join, narrow))
    const updates = node.updates?.map((update) => this.#update(update, target.source))
    let where = node.where && this.transformNode(node.where.where)
    where = this.#bind('update.target', where, target.source)
    where = this.#hide(where, target.source)
    for (const source of narrow ? [] : sources) {
      where = this.#bind('update.from', where, source)
      where = this.#hide(where, source)
    }
    for (const source of this.#crossed) {
      where = this.#bind('update.cross', where, source)
      where = this.#hide(where, source)
    }
    this.#crossed = crossedOutside
    const returning = node.returning && this.#returning(node, node.returning)
    const { with: _w, table: _t, from: _f, joins: _j, updates: _u, where: _wh, returning: _r, ...rest } = node
    const transformed = super.transformUpdateQuery({ ...rest, kind: 'UpdateQueryNode' })
    this.scope = outer
    return {
      ...transformed,
      table: target.node,
      ...(withNode && { with: withNode }),
      ...(from && { from }),
      ...(joins && { joins }),
      ...(updates && { updates }),
      ...whereOf(where),
      ...(returning && { returning }),
    }
  }

  #update({ column, value }: ColumnUpdateNode, target: Source): ColumnUpdateNode {
    const written = onlyChild(column) ?? column
    const name = written.kind === 'ReferenceNode' ? (written as ReferenceNode).column : written
    if (name.kind !== 'ColumnNode') throw refused('an update of a raw column', 'name the column')
    const property = (name as ColumnNode).column.name
    const columnNode = this.transformColumn(name as ColumnNode)
    if (this.#tenant && target.entity?.tenancy === 'tenant' && columnNode.column.name === 'tenant_id') {
      throw refused(`an update of "${target.name}.tenantId"`, 'a row never changes its tenant')
    }
    const encoded = this.encoded(value, this.column(property, target.name)?.type)
    return {
      kind: 'ColumnUpdateNode',
      column: columnNode,
      value: value.kind === 'RawNode' ? closed(encoded) : encoded,
    }
  }

  protected override transformDeleteQuery(node: DeleteQueryNode): DeleteQueryNode {
    if (this.#isFinished(node)) return node
    const outer = this.scope
    const crossedOutside = this.#crossed
    this.#crossed = []
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    if (node.from.froms.length !== 1)
      throw refused('a delete from several tables', 'delete from one at a time')
    const target = this.#target(node.from.froms[0], 'delete')
    const narrow = keepsRight(node.joins)
    const using = node.using?.tables.map((table) => this.#source(table, narrow))
    const sources = this.scope.sources.slice(1)
    const joins = node.joins?.map((join) => this.#join(join, narrow))
    let where = node.where && this.transformNode(node.where.where)
    where = this.#bind('delete.target', where, target.source)
    where = this.#hide(where, target.source)
    for (const source of narrow ? [] : sources) {
      where = this.#bind('delete.using', where, source)
      where = this.#hide(where, source)
    }
    for (const source of this.#crossed) {
      where = this.#bind('delete.cross', where, source)
      where = this.#hide(where, source)
    }
    this.#crossed = crossedOutside
    const returning = node.returning && this.#returning(node, node.returning)
    const { with: _w, from: _f, using: _u, joins: _j, where: _wh, returning: _r, ...rest } = node
    const transformed = super.transformDeleteQuery({ ...rest, kind: 'DeleteQueryNode' } as DeleteQueryNode)
    this.scope = outer
    return {
      ...transformed,
      from: FromNode.create([target.node]),
      ...(withNode && { with: withNode }),
      ...(using && { using: { kind: 'UsingNode', tables: using } }),
      ...(joins && { joins }),
      ...whereOf(where),
      ...(returning && { returning }),
    }
  }

  protected override transformMergeQuery(node: MergeQueryNode, queryId?: QueryId): MergeQueryNode {
    if (this.guarded) throw refused('a merge', 'use insert … on conflict')
    return super.transformMergeQuery(node, queryId)
  }

  #returning(query: OperationNode, node: ReturningNode): ReturningNode {
    return { kind: 'ReturningNode', selections: this.#selections(query, node.selections) }
  }

  /** The table a statement writes. Never a CTE: SQL does not write those. */
  #target(
    node: OperationNode | undefined,
    verb: string,
  ): { readonly node: OperationNode; readonly source: Source } {
    const alias = node?.kind === 'AliasNode' ? ((node as AliasNode).alias as IdentifierNode) : undefined
    const table = (alias ? (node as AliasNode).node : node) as TableNode | undefined
    if (table?.kind !== 'TableNode')
      throw refused(`a statement that would ${verb} something else than one table`, 'name one table')
    const source = this.#entitySource(table, alias)
    if (source.entity && this.#binding.writes === 'refuse') {
      throw coreErrors['storage.direct_write']({ table: source.entity.entity.name })
    }
    this.scope.add(source)
    return { node: aliased(this.#physical(table, source), alias && this.transformIdentifier(alias)), source }
  }

  /** `expression AND source.tenant_id = tenant`, where the source belongs to tenants. */
  #bind(_site: string, expression: OperationNode | undefined, source: Source): OperationNode | undefined {
    if (this.#tenant === null || source.entity?.tenancy !== 'tenant') return expression
    return and(expression, operation(source, TENANT_COLUMN, EQUALS, this.#tenant))
  }

  /** `expression AND source.deleted_at IS NULL`, where removed rows are kept and hidden. */
  #hide(expression: OperationNode | undefined, source: Source): OperationNode | undefined {
    if (this.#binding.removed === 'show' || !source.entity?.softDelete) return expression
    return and(expression, operation(source, DELETED_COLUMN, IS, NULL))
  }

  /** The rows with the tenant in them, in place of any they were given. */
  #stamp(_site: string, rows: InsertedRows, { entity }: Source): InsertedRows {
    return this.#tenant && entity?.tenancy === 'tenant'
      ? withConstant(rows, TENANT_COLUMN, this.#tenant)
      : rows
  }
}

function operation(
  source: Source,
  column: ColumnNode,
  operator: OperatorNode,
  value: ValueNode,
): BinaryOperationNode {
  return {
    kind: 'BinaryOperationNode',
    leftOperand: { kind: 'ReferenceNode', column, table: source.table } as ReferenceNode,
    operator,
    rightOperand: value,
  }
}

function whereOf(where: OperationNode | undefined): { readonly where?: WhereNode } {
  return where ? { where: { kind: 'WhereNode', where } } : {}
}

function joinNode(node: JoinNode, table: OperationNode, on: OperationNode | undefined): JoinNode {
  return { kind: 'JoinNode', joinType: node.joinType, table, ...(on && { on: { kind: 'OnNode', on } }) }
}

function keepsRight(joins: readonly JoinNode[] | undefined): boolean {
  return joins?.some(({ joinType }) => KEEPS_RIGHT.has(joinType)) ?? false
}

function aliased(node: OperationNode, alias: IdentifierNode | undefined): OperationNode {
  return alias ? ({ kind: 'AliasNode', node, alias } as AliasNode) : node
}

function aliasName(alias: OperationNode): string {
  if (alias.kind === 'IdentifierNode') return (alias as IdentifierNode).name
  const text = (alias as RawNode).sqlFragments?.join('') ?? ''
  return /^\s*(\w+)/.exec(text)?.[1] ?? ''
}

function refused(statement: string, reason: string): Error {
  return coreErrors['storage.statement']({ statement, reason })
}
