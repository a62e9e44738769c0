import { ColumnNode, FromNode, OperatorNode, SelectAllNode, SelectionNode, ValueNode } from 'kysely'
import type {
  AliasNode,
  BinaryOperationNode,
  IdentifierNode,
  JoinNode,
  OperationNode,
  ParensNode,
  RawNode,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
  WhereNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import { ExpressionTransformer } from './expression-transformer.ts'
import { and, closed } from './precedence.ts'
import type { OutputColumn, Source } from './scope.ts'
import { derived } from './select-outputs.ts'
import type { Binding } from './sql-layer.ts'

export const TENANT_COLUMN = ColumnNode.create('tenant_id')
const DELETED_COLUMN = ColumnNode.create('deleted_at')
const EQUALS = OperatorNode.create('=')
const IS = OperatorNode.create('is')
const NULL = ValueNode.createImmediate(null)
const ALL: readonly SelectionNode[] = [SelectionNode.create(SelectAllNode.create())]

/** Both sides' rows are kept, so a condition in ON or WHERE comes too late: the table itself is narrowed. */
const KEEPS_RIGHT: ReadonlySet<string> = new Set(['RightJoin', 'FullJoin'])
const WITHOUT_ON: ReadonlySet<string> = new Set(['CrossJoin', 'LateralCrossJoin'])
const JOINS: ReadonlySet<string> = new Set([
  ...['InnerJoin', 'LeftJoin', 'RightJoin', 'FullJoin', 'CrossJoin'],
  ...['LateralInnerJoin', 'LateralLeftJoin', 'LateralCrossJoin'],
])

/** What a statement reads: tables, joins and sub-queries in the place of tables, each bound to the tenant. */
export abstract class SourceTransformer extends ExpressionTransformer {
  protected binding: Binding = { tenantId: null, writes: 'refuse', removed: 'hide' }
  /** The bound tenant as a parameter; null binds nothing. */
  protected tenant: ValueNode | null = null
  /** Cross-joined tables have no ON; their predicates go to WHERE. */
  protected crossed: readonly Source[] = []

  protected from(node: FromNode, narrow: boolean): FromNode {
    return FromNode.create(node.froms.map((item) => this.source(item, narrow)))
  }

  /** @param narrow whether the table itself must be narrowed, see {@link keepsRight}. */
  protected join(node: JoinNode, narrow: boolean): JoinNode {
    if (this.guarded && !JOINS.has(node.joinType)) {
      throw refused(`a join of kind ${node.joinType}`, 'it cannot be bound to a tenant')
    }
    const table = this.source(node.table, narrow)
    const source = this.scope.sources.at(-1) as Source
    let on = node.on && closed(this.transformNode(node.on.on))
    if (narrow) return joinNode(node, table, on)
    if (WITHOUT_ON.has(node.joinType)) {
      this.crossed = [...this.crossed, source]
      return joinNode(node, table, on)
    }
    on = this.bind('join.on', on, source)
    on = this.hide(on, source)
    return joinNode(node, table, on)
  }

  /** Adds what a FROM or JOIN names to the scope. */
  protected source(node: OperationNode, narrow: boolean): OperationNode {
    if (node.kind === 'TableNode') return this.#table(node as TableNode, undefined, narrow)
    if (node.kind !== 'AliasNode') {
      this.scope.add({ name: '', table: this.parts.names.table(''), entity: null, columns: null })
      return this.derivedSource(node)
    }
    const { node: named, alias } = node as AliasNode
    if (named.kind === 'TableNode') {
      if (alias.kind !== 'IdentifierNode') throw refused('a table with a raw alias', 'give it a plain one')
      return this.#table(named as TableNode, alias as IdentifierNode, narrow)
    }
    const transformed = this.derivedSource(named)
    const name = aliasName(alias)
    this.scope.add({
      name,
      table: this.parts.names.table(name),
      entity: null,
      columns: this.#derivedColumns(named),
    })
    return { kind: 'AliasNode', node: transformed, alias: this.derivedAlias(alias) } as AliasNode
  }

  #derivedColumns(node: OperationNode): readonly OutputColumn[] | null {
    const inner = node.kind === 'ParensNode' ? (node as ParensNode).node : node
    return derived(this.queryOutputs.get(inner) ?? null)
  }

  #table(node: TableNode, alias: IdentifierNode | undefined, narrow: boolean): OperationNode {
    const { identifier, schema } = node.table
    const { names } = this.parts
    const columns = schema ? undefined : this.scope.cte(identifier.name)
    if (columns !== undefined) {
      const name = alias?.name ?? identifier.name
      this.scope.add({ name, table: names.table(name), entity: null, columns })
      return aliased(names.table(identifier.name), alias && this.transformIdentifier(alias))
    }
    const source = this.entitySource(node, alias)
    this.scope.add(source)
    const table = this.physicalTable(node, source)
    if (!narrow || !source.entity) return aliased(table, alias && this.transformIdentifier(alias))
    const inner = { ...source, table }
    let where: OperationNode | undefined
    where = this.bind('join.outer', where, inner)
    where = this.hide(where, inner)
    const narrowed: SelectQueryNode = {
      kind: 'SelectQueryNode',
      from: FromNode.create([table]),
      selections: ALL,
      ...whereOf(where),
    }
    return aliased(where ? narrowed : table, source.table.table.identifier)
  }

  protected physicalTable(node: TableNode, { entity }: Source): TableNode {
    if (node.table.schema) return node
    return this.parts.names.table(entity?.physicalName ?? node.table.identifier.name)
  }

  /** @throws `storage.unknown_table` for what is no entity, except for the system. */
  protected entitySource(node: TableNode, alias: IdentifierNode | undefined): Source {
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

  /** `expression AND source.tenant_id = tenant`, where the source belongs to tenants. */
  protected bind(
    _site: string,
    expression: OperationNode | undefined,
    source: Source,
  ): OperationNode | undefined {
    if (this.tenant === null || source.entity?.tenancy !== 'tenant') return expression
    return and(expression, operation(source, TENANT_COLUMN, EQUALS, this.tenant))
  }

  /** `expression AND source.deleted_at IS NULL`, where removed rows are kept and hidden. */
  protected hide(expression: OperationNode | undefined, source: Source): OperationNode | undefined {
    if (this.binding.removed === 'show' || !source.entity?.softDelete) return expression
    return and(expression, operation(source, DELETED_COLUMN, IS, NULL))
  }
}

/** True when some join keeps rows of its right side: then every table beside it must be narrowed before it is joined. */
export function keepsRight(joins: readonly JoinNode[] | undefined): boolean {
  return joins?.some(({ joinType }) => KEEPS_RIGHT.has(joinType)) ?? false
}

export function whereOf(where: OperationNode | undefined): { readonly where?: WhereNode } {
  return where ? { where: { kind: 'WhereNode', where } } : {}
}

export function aliased(node: OperationNode, alias: IdentifierNode | undefined): OperationNode {
  return alias ? ({ kind: 'AliasNode', node, alias } as AliasNode) : node
}

export function refused(statement: string, reason: string): Error {
  return coreErrors['storage.statement']({ statement, reason })
}

function operation(
  source: Source,
  column: ColumnNode,
  operator: OperatorNode,
  value: ValueNode,
): BinaryOperationNode {
  const leftOperand: ReferenceNode = { kind: 'ReferenceNode', column, table: source.table }
  return { kind: 'BinaryOperationNode', leftOperand, operator, rightOperand: value }
}

function joinNode(node: JoinNode, table: OperationNode, on: OperationNode | undefined): JoinNode {
  return { kind: 'JoinNode', joinType: node.joinType, table, ...(on && { on: { kind: 'OnNode', on } }) }
}

function aliasName(alias: OperationNode): string {
  if (alias.kind === 'IdentifierNode') return (alias as IdentifierNode).name
  const text = alias.kind === 'RawNode' ? (alias as RawNode).sqlFragments.join('') : ''
  return /^\s*(\w+)/.exec(text)?.[1] ?? ''
}
