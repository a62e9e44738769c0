import { OperationNodeTransformer, ParensNode } from 'kysely'
import type {
  AggregateFunctionNode,
  AndNode,
  BinaryOperationNode,
  CaseNode,
  ColumnNode,
  ExplainNode,
  FunctionNode,
  IdentifierNode,
  OperationNode,
  PrimitiveValueListNode,
  QueryId,
  RawNode,
  ReferenceNode,
  SelectModifierNode,
  TableNode,
  TupleNode,
  UnaryOperationNode,
  ValueListNode,
  ValueNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import type { Registry } from '../plugin/registry.ts'
import type { SqlType } from '../storage/physical.ts'
import type { NodeNames } from './node-names.ts'
import { CHOOSING, COMPARISONS, firstType, operatorOf, typeOf, type TypeSource } from './output-type.ts'
import type { EncodeParameter } from './parameters.ts'
import type { RawGuard } from './raw-guard.ts'
import { Scope, type OutputColumn } from './scope.ts'
import { declaredType, isTrusted, trustedRaw } from './trusted-node.ts'

/** The type a value must have: of one column, or of each column of a tuple. */
export type ExpectedType = SqlType | undefined | readonly (SqlType | undefined)[]

export interface TransformerParts {
  readonly registry: Registry
  readonly names: NodeNames
  readonly encode: EncodeParameter
  readonly guard: RawGuard
}

/** What the database calls `explain (format …)`; the builder writes whatever it is given. */
const EXPLAIN_FORMATS: ReadonlySet<string> = new Set(['text', 'xml', 'json', 'yaml', 'tree', 'traditional'])

/**
 * Everything below the level of a statement: names, references, parameters, calls and raw SQL. Holds the state of one
 * pass; a pass is synchronous, so one instance serves all queries.
 */
export abstract class ExpressionTransformer extends OperationNodeTransformer implements TypeSource {
  protected readonly parts: TransformerParts
  protected scope: Scope = new Scope(null)
  /** Whether raw SQL, foreign tables and schema statements are refused. */
  protected guarded = true
  /** Columns of the sub-queries of this pass. */
  protected readonly queryOutputs = new Map<OperationNode, readonly OutputColumn[] | null>()

  constructor(parts: TransformerParts) {
    super()
    this.parts = parts
  }

  column(name: string, table?: string): OutputColumn | undefined {
    return this.scope.column(name, table)
  }

  outputs(query: OperationNode): readonly OutputColumn[] | null | undefined {
    return this.queryOutputs.get(query)
  }

  // The two below: nobody reads the stack, and nodes of ours are frozen by their types.
  override transformNode<T extends OperationNode | undefined>(node: T, queryId?: QueryId): T {
    return node && this.transformNodeImpl(node, queryId)
  }

  protected override transformNodeList<T extends readonly OperationNode[] | undefined>(
    list: T,
    queryId?: QueryId,
  ): T {
    return (
      list && (list.map((node) => this.transformNodeImpl(node, queryId)) as readonly OperationNode[] as T)
    )
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    return this.parts.names.identifier(node.name)
  }

  protected override transformColumn(node: ColumnNode): ColumnNode {
    return this.parts.names.column(node.column.name)
  }

  protected override transformReference(node: ReferenceNode): ReferenceNode {
    const column = node.column.kind === 'ColumnNode' ? this.transformColumn(node.column) : node.column
    return node.table
      ? { kind: 'ReferenceNode', column, table: this.tableReference(node.table) }
      : { kind: 'ReferenceNode', column }
  }

  /** A table's name where SQL refers to a table that the statement reads elsewhere. */
  protected tableReference(node: TableNode): TableNode {
    if (node.table.schema) return this.schemaTable(node)
    const { name } = node.table.identifier
    const source = this.scope.source(name)
    if (source) return source.table
    const entity = this.parts.registry.entities.get(name)
    // Physical names are snake_case already, so the cache of names may hold them too.
    return this.parts.names.table(entity?.physicalName ?? name)
  }

  /** A table where no statement expects one: inside raw SQL. */
  protected override transformTable(node: TableNode): TableNode {
    if (this.guarded) throw coreErrors['storage.raw_table']({ fragment: node.table.identifier.name })
    return this.tableReference(node)
  }

  protected schemaTable(node: TableNode): TableNode {
    const { schema, identifier } = node.table
    if (!this.guarded) return node
    throw coreErrors['storage.unknown_table']({ table: `${schema?.name ?? ''}.${identifier.name}` })
  }

  protected override transformSelectModifier(
    node: SelectModifierNode,
    queryId?: QueryId,
  ): SelectModifierNode {
    return {
      ...node,
      ...(node.rawModifier ? { rawModifier: this.transformNode(node.rawModifier, queryId) } : {}),
      ...(node.of
        ? {
            of: node.of.map((of) =>
              of.kind === 'TableNode' ? this.tableReference(of as TableNode) : this.transformNode(of),
            ),
          }
        : {}),
    }
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return this.#value(node, undefined)
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return this.#values(node, undefined)
  }

  #value(node: ValueNode, type: SqlType | undefined): ValueNode {
    return node.immediate ? node : { kind: 'ValueNode', value: this.parts.encode(node.value, type) }
  }

  #values(node: PrimitiveValueListNode, type: SqlType | undefined): PrimitiveValueListNode {
    return {
      kind: 'PrimitiveValueListNode',
      values: node.values.map((value) => this.parts.encode(value, type)),
    }
  }

  /** Transforms an expression whose values are meant for a column of that type. */
  protected encoded(node: OperationNode, type: ExpectedType): OperationNode {
    if (type === undefined) return this.transformNode(node)
    if (typeof type !== 'string') return this.#encodedTuple(node, type)
    switch (node.kind) {
      case 'ValueNode':
        return this.#value(node as ValueNode, type)
      case 'PrimitiveValueListNode':
        return this.#values(node as PrimitiveValueListNode, type)
      case 'ValueListNode':
        return this.#encodedList(node as ValueListNode, type)
      case 'ParensNode':
        return { kind: 'ParensNode', node: this.encoded((node as ParensNode).node, type) } as ParensNode
      case 'AndNode': {
        // The two bounds of `between`.
        const { left, right } = node as AndNode
        return {
          kind: 'AndNode',
          left: this.encoded(left, type),
          right: this.encoded(right, type),
        } as AndNode
      }
      case 'CaseNode':
        return this.#encodedCase(node as CaseNode, type)
      case 'FunctionNode':
        return this.#encodedCall(node as FunctionNode, type)
      default:
        return this.transformNode(node)
    }
  }

  #encodedTuple(node: OperationNode, types: readonly (SqlType | undefined)[]): OperationNode {
    if (node.kind === 'ValueListNode') return this.#encodedList(node as ValueListNode, types)
    if (node.kind !== 'TupleNode') return this.transformNode(node)
    const values = (node as TupleNode).values.map((value, index) => this.encoded(value, types[index]))
    return { kind: 'TupleNode', values } as TupleNode
  }

  #encodedList(node: ValueListNode, type: ExpectedType): ValueListNode {
    return { kind: 'ValueListNode', values: node.values.map((value) => this.encoded(value, type)) }
  }

  #encodedCase(node: CaseNode, type: SqlType | undefined): CaseNode {
    const subject = node.value && this.transformNode(node.value)
    const subjectType = node.value && typeOf(node.value, this)
    const when = (node.when ?? []).map((branch) => ({
      ...branch,
      condition: this.encoded(branch.condition, subjectType),
      ...(branch.result ? { result: this.encoded(branch.result, type) } : {}),
    }))
    return {
      ...node,
      ...(subject ? { value: subject } : {}),
      when,
      ...(node.else ? { else: this.encoded(node.else, type) } : {}),
    }
  }

  #encodedCall(node: FunctionNode, type: SqlType | undefined): FunctionNode {
    this.guardCall(node.func)
    const expected = CHOOSING.has(node.func) ? type : undefined
    return { ...node, arguments: node.arguments.map((argument) => this.encoded(argument, expected)) }
  }

  protected override transformBinaryOperation(
    node: BinaryOperationNode,
    queryId?: QueryId,
  ): BinaryOperationNode {
    const operator = operatorOf(node.operator)
    if (this.guarded) this.parts.guard.checkOperation(node)
    if (!COMPARISONS.has(operator)) return super.transformBinaryOperation(node, queryId)
    const valueFirst = node.leftOperand.kind === 'ValueNode'
    const [known, other] = valueFirst
      ? [node.rightOperand, node.leftOperand]
      : [node.leftOperand, node.rightOperand]
    // A sub-query's type is known only after it was transformed.
    const transformed = this.transformNode(known)
    const compared = this.encoded(other, this.#expectedBeside(known))
    return {
      kind: 'BinaryOperationNode',
      leftOperand: valueFirst ? compared : transformed,
      operator: node.operator,
      rightOperand: valueFirst ? transformed : compared,
    }
  }

  #expectedBeside(node: OperationNode): ExpectedType {
    return node.kind === 'TupleNode'
      ? (node as TupleNode).values.map((value) => typeOf(value, this))
      : typeOf(node, this)
  }

  /** Two minus signs in a row begin a comment. */
  protected override transformUnaryOperation(node: UnaryOperationNode): UnaryOperationNode {
    const operand = this.transformNode(node.operand)
    const plain =
      operatorOf(node.operator) !== '-' || operand.kind === 'ReferenceNode' || operand.kind === 'ParensNode'
    return {
      ...node,
      operator: this.transformNode(node.operator),
      operand: plain ? operand : ParensNode.create(operand),
    }
  }

  protected override transformCase(node: CaseNode): CaseNode {
    return this.#encodedCase(
      node,
      firstType([...(node.when ?? []).map(({ result }) => result), node.else], this),
    )
  }

  protected override transformFunction(node: FunctionNode): FunctionNode {
    return this.#encodedCall(node, CHOOSING.has(node.func) ? firstType(node.arguments, this) : undefined)
  }

  protected override transformAggregateFunction(
    node: AggregateFunctionNode,
    queryId?: QueryId,
  ): AggregateFunctionNode {
    this.guardCall(node.func)
    return super.transformAggregateFunction(node, queryId)
  }

  /** Function names are written into SQL as they are. */
  protected guardCall(name: string): void {
    if (this.guarded) this.parts.guard.checkFunction(name)
  }

  protected override transformExplain(node: ExplainNode, queryId?: QueryId): ExplainNode {
    if (node.format !== undefined && !EXPLAIN_FORMATS.has(node.format)) {
      throw coreErrors['storage.statement']({
        statement: 'explain',
        reason: `"${node.format}" is no format`,
      })
    }
    return super.transformExplain(node, queryId)
  }

  protected override transformRaw(node: RawNode): RawNode {
    if (this.guarded) this.parts.guard.checkExpression(node)
    return this.#rawChildren(node)
  }

  /** Raw SQL inside raw SQL was looked at together with it. */
  #rawChildren(node: RawNode): RawNode {
    const parameters = node.parameters.map((parameter) =>
      parameter.kind === 'RawNode' && !isTrusted(node)
        ? this.#rawChild(parameter as RawNode)
        : this.transformNode(parameter),
    )
    if (isTrusted(node)) return trustedRaw(node.sqlFragments, parameters, declaredType(node))
    return { kind: 'RawNode', sqlFragments: node.sqlFragments, parameters }
  }

  #rawChild(node: RawNode): RawNode {
    return isTrusted(node) ? this.transformRaw(node) : this.#rawChildren(node)
  }

  /** What stands in the place of a table and is none: a sub-query, or a call of a table function. */
  protected derivedSource(node: OperationNode): OperationNode {
    if (this.guarded) this.parts.guard.checkSource(node)
    return node.kind === 'RawNode' ? this.#rawChildren(node as RawNode) : this.transformNode(node)
  }

  protected derivedAlias(node: OperationNode): OperationNode {
    if (node.kind !== 'RawNode') return this.transformNode(node)
    if (this.guarded) this.parts.guard.checkAlias(node as RawNode)
    return this.#rawChildren(node as RawNode)
  }

  /** What a caller writes behind the whole statement. */
  protected endModifier(node: OperationNode): OperationNode {
    const raw = node.kind === 'SelectModifierNode' ? (node as SelectModifierNode).rawModifier : node
    if (this.guarded && raw?.kind === 'RawNode') this.parts.guard.checkModifier(raw as RawNode)
    return this.transformNode(node)
  }
}
