import { ColumnNode, FromNode, ValueNode } from 'kysely'
import type {
  AliasNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  IdentifierNode,
  InsertQueryNode,
  MergeQueryNode,
  OnConflictNode,
  OperationNode,
  QueryId,
  ReferenceNode,
  ReturningNode,
  RootOperationNode,
  TableNode,
  UpdateQueryNode,
  ValuesNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import type { ExpectedType } from './expression-transformer.ts'
import { finishedOf, markFinished } from './finished.ts'
import { insertedRows, withConstant, type InsertedRows } from './inserted-rows.ts'
import { closed } from './precedence.ts'
import { QueryTransformer } from './query-transformer.ts'
import { rawText } from './raw-text.ts'
import { Scope, type Source } from './scope.ts'
import { aliased, keepsRight, refused, TENANT_COLUMN, whereOf } from './source-transformer.ts'
import type { Binding } from './sql-layer.ts'
import { onlyChild } from './trusted-node.ts'

const STATEMENTS: ReadonlySet<string> = new Set([
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
])

interface Target {
  readonly node: OperationNode
  readonly source: Source
}

/**
 * The one pass over a query tree. Every line that calls `bind` or `stamp` is a wall between tenants; the isolation
 * suite takes them away one by one.
 */
export class StatementTransformer extends QueryTransformer {
  /** @param tenant the value to bind: the binding's tenant, its slot in a prepared statement, or null. */
  transform<T extends RootOperationNode>(node: T, binding: Binding, tenant: unknown): T {
    if (finishedOf(node)) return node
    this.binding = binding
    this.tenant = tenant === null ? null : ValueNode.create(tenant)
    this.guarded = tenant !== null || binding.writes === 'refuse'
    this.scope = new Scope(null)
    this.root = node
    this.renames = null
    this.groupedResults = []
    this.crossed = []
    this.recursive = null
    this.queryOutputs.clear()
    if (this.guarded) refuseOtherStatements(node)
    const transformed = this.transformNode(node)
    const outputs = this.queryOutputs.get(node) ?? null
    markFinished(transformed, { tenant, outputs, renames: this.renames, groupedResults: this.groupedResults })
    return transformed
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    if (this.isDone(node)) return node
    const outer = this.scope
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    const target = this.#target(node.into, 'insert into')
    const types = node.columns?.map(({ column }) => this.column(column.name, target.source.name)?.type)
    let rows = insertedRows(node, this.#values(node.values, types), (column) => this.transformColumn(column))
    rows = this.stamp('insert.rows', rows, target.source)
    const onConflict = node.onConflict && this.#onConflict(node.onConflict, target.source)
    const returning = node.returning && this.#returning(node, node.returning)
    const {
      with: _with,
      into: _into,
      columns: _columns,
      values: _values,
      defaultValues: _default,
      ...rest
    } = node
    const { onConflict: _onConflict, returning: _returning, endModifiers, ...clauses } = rest
    const transformed = super.transformInsertQuery({ ...clauses, kind: 'InsertQueryNode' })
    const modifiers = endModifiers?.map((modifier) => this.endModifier(modifier))
    this.scope = outer
    return {
      ...transformed,
      into: target.node as TableNode,
      ...rows,
      ...(withNode && { with: withNode }),
      ...(onConflict && { onConflict }),
      ...(returning && { returning }),
      ...(modifiers && { endModifiers: modifiers }),
    }
  }

  #values(
    values: OperationNode | undefined,
    types: readonly ExpectedType[] | undefined,
  ): OperationNode | undefined {
    if (values?.kind !== 'ValuesNode') return values && this.query(values, types)
    const rows = (values as ValuesNode).values.map((row) => {
      if (row.kind === 'ValueListNode')
        return { ...row, values: row.values.map((value, at) => this.encoded(value, types?.[at])) }
      return {
        ...row,
        values: row.values.map((value, at) => this.parts.encode(value, types?.[at] as undefined)),
      }
    })
    const encoded: ValuesNode = { kind: 'ValuesNode', values: rows }
    return encoded
  }

  #onConflict(node: OnConflictNode, target: Source): OnConflictNode {
    this.scope.add({ ...target, name: 'excluded', table: this.parts.names.table('excluded') })
    const { columns, updates, updateWhere, ...rest } = node
    const transformed = super.transformOnConflict({ ...rest, kind: 'OnConflictNode' })
    const keys = columns?.map((column) => this.transformColumn(column))
    let where = updateWhere && this.transformNode(updateWhere.where)
    if (updates) where = this.bind('insert.conflict', where, target)
    return {
      ...transformed,
      ...(keys && { columns: this.#withTenantKey(keys, target) }),
      ...(updates && { updates: updates.map((update) => this.#update(update, target)) }),
      ...(where && { updateWhere: { kind: 'WhereNode', where } }),
    }
  }

  /** Every unique key of a tenant's table starts with the tenant, so a conflict target that leaves it out names none. */
  #withTenantKey(keys: readonly ColumnNode[], { entity }: Source): readonly ColumnNode[] {
    const missing =
      this.tenant && entity?.tenancy === 'tenant' && keys.every(({ column }) => column.name !== 'tenant_id')
    return missing ? [TENANT_COLUMN, ...keys] : keys
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    if (this.isDone(node)) return node
    const outer = this.scope
    const crossedOutside = this.crossed
    this.crossed = []
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    const target = this.#target(node.table, 'update')
    const narrow = keepsRight(node.joins)
    const from = node.from && this.from(node.from, narrow)
    const sources = this.scope.sources.slice(1)
    const joins = node.joins?.map((join) => this.join(join, narrow))
    const updates = node.updates?.map((update) => this.#update(update, target.source))
    let where = node.where && this.transformNode(node.where.where)
    where = this.bind('update.target', where, target.source)
    where = this.hide(where, target.source)
    for (const source of narrow ? [] : [...sources, ...this.crossed]) {
      where = this.bind('update.from', where, source)
      where = this.hide(where, source)
    }
    this.crossed = crossedOutside
    const returning = node.returning && this.#returning(node, node.returning)
    const { with: _with, table: _table, from: _from, joins: _joins, updates: _updates, ...rest } = node
    const { where: _where, returning: _returning, endModifiers, ...clauses } = rest
    const transformed = super.transformUpdateQuery({ ...clauses, kind: 'UpdateQueryNode' })
    const modifiers = endModifiers?.map((modifier) => this.endModifier(modifier))
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
      ...(modifiers && { endModifiers: modifiers }),
    }
  }

  #update({ column, value }: ColumnUpdateNode, target: Source): ColumnUpdateNode {
    const written = onlyChild(column) ?? column
    const name = written.kind === 'ReferenceNode' ? (written as ReferenceNode).column : written
    if (name.kind !== 'ColumnNode') throw refused('an update of a raw column', 'name the column')
    const property = (name as ColumnNode).column.name
    const columnNode = this.transformColumn(name as ColumnNode)
    if (this.tenant && target.entity?.tenancy === 'tenant' && columnNode.column.name === 'tenant_id') {
      throw refused(`an update of "${target.name}.tenantId"`, 'a row never changes its tenant')
    }
    const encoded = this.encoded(value, this.column(property, target.name)?.type)
    // Raw `1, tenant_id = 'b'` must stay one value.
    return {
      kind: 'ColumnUpdateNode',
      column: columnNode,
      value: value.kind === 'RawNode' ? closed(encoded) : encoded,
    }
  }

  protected override transformDeleteQuery(node: DeleteQueryNode): DeleteQueryNode {
    if (this.isDone(node)) return node
    const outer = this.scope
    const crossedOutside = this.crossed
    this.crossed = []
    this.scope = new Scope(outer)
    const withNode = node.with && this.transformWith(node.with)
    if (node.from.froms.length !== 1)
      throw refused('a delete from several tables', 'delete from one at a time')
    const target = this.#target(node.from.froms[0], 'delete from')
    const narrow = keepsRight(node.joins)
    const using = node.using?.tables.map((table) => this.source(table, narrow))
    const sources = this.scope.sources.slice(1)
    const joins = node.joins?.map((join) => this.join(join, narrow))
    let where = node.where && this.transformNode(node.where.where)
    where = this.bind('delete.target', where, target.source)
    where = this.hide(where, target.source)
    for (const source of narrow ? [] : [...sources, ...this.crossed]) {
      where = this.bind('delete.using', where, source)
      where = this.hide(where, source)
    }
    this.crossed = crossedOutside
    const returning = node.returning && this.#returning(node, node.returning)
    const { with: _with, using: _using, joins: _joins, where: _where, returning: _returning, ...rest } = node
    const { endModifiers, ...clauses } = rest
    const transformed = super.transformDeleteQuery({ ...clauses, kind: 'DeleteQueryNode', from: NO_TABLES })
    const modifiers = endModifiers?.map((modifier) => this.endModifier(modifier))
    this.scope = outer
    return {
      ...transformed,
      from: FromNode.create([target.node]),
      ...(withNode && { with: withNode }),
      ...(using && { using: { kind: 'UsingNode', tables: using } }),
      ...(joins && { joins }),
      ...whereOf(where),
      ...(returning && { returning }),
      ...(modifiers && { endModifiers: modifiers }),
    }
  }

  protected override transformMergeQuery(node: MergeQueryNode, queryId?: QueryId): MergeQueryNode {
    if (this.guarded) throw refused('a merge', 'use insert … on conflict')
    return super.transformMergeQuery(node, queryId)
  }

  #returning(query: OperationNode, node: ReturningNode): ReturningNode {
    return { kind: 'ReturningNode', selections: this.selections(query, node.selections) }
  }

  /** The table a statement writes. Never a CTE: SQL does not write those. */
  #target(node: OperationNode | undefined, verb: string): Target {
    const alias = node?.kind === 'AliasNode' ? ((node as AliasNode).alias as IdentifierNode) : undefined
    const table = (alias ? (node as AliasNode).node : node) as TableNode | undefined
    if (table?.kind !== 'TableNode' || (alias && alias.kind !== 'IdentifierNode'))
      throw refused(`a statement that would ${verb} something else than one table`, 'name one table')
    const source = this.entitySource(table, alias)
    if (source.entity && this.binding.writes === 'refuse') {
      throw coreErrors['storage.direct_write']({ table: source.entity.entity.name })
    }
    this.scope.add(source)
    return {
      node: aliased(this.physicalTable(table, source), alias && this.transformIdentifier(alias)),
      source,
    }
  }

  /** The rows with the tenant in them, in place of any they were given. */
  protected stamp(_site: string, rows: InsertedRows, { entity }: Source): InsertedRows {
    return this.tenant && entity?.tenancy === 'tenant' ? withConstant(rows, TENANT_COLUMN, this.tenant) : rows
  }
}

const NO_TABLES = FromNode.create([])

function refuseOtherStatements(node: RootOperationNode): void {
  if (STATEMENTS.has(node.kind) || node.kind === 'MergeQueryNode') return
  if (node.kind === 'RawNode') throw coreErrors['storage.raw_table']({ fragment: rawText(node).text })
  throw refused(`a ${node.kind}`, 'a context reads and writes rows; tables are made by migrations')
}
