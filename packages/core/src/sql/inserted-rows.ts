import { DefaultInsertValueNode } from 'kysely'
import type {
  ColumnNode,
  InsertQueryNode,
  OperationNode,
  ParensNode,
  SelectionNode,
  SelectQueryNode,
  ValueNode,
  ValuesNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'

/** What an insert writes: columns and rows, or a query that answers rows. */
export interface InsertedRows {
  readonly columns?: readonly ColumnNode[]
  readonly values?: OperationNode
  readonly defaultValues?: boolean
}

export function insertedRows(
  { columns, defaultValues }: InsertQueryNode,
  values: OperationNode | undefined,
  name: (column: ColumnNode) => ColumnNode,
): InsertedRows {
  return {
    ...(columns && { columns: columns.map(name) }),
    ...(values && { values }),
    ...(defaultValues !== undefined && { defaultValues }),
  }
}

/** The rows with one column of one value in all of them, in place of any the rows had. */
export function withConstant(rows: InsertedRows, column: ColumnNode, value: ValueNode): InsertedRows {
  if (!rows.values) {
    return {
      columns: [column],
      values: { kind: 'ValuesNode', values: [{ kind: 'ValueListNode', values: [value] }] } as ValuesNode,
    }
  }
  if (!rows.columns) throw refused('an insert without a list of columns', 'say .columns([…])')
  const found = rows.columns.findIndex((one) => one.column.name === column.column.name)
  const at = found === -1 ? rows.columns.length : found
  return {
    columns: found === -1 ? [...rows.columns, column] : rows.columns,
    values:
      rows.values.kind === 'ValuesNode'
        ? intoRows(rows.values as ValuesNode, value, at)
        : intoQuery(rows.values, value, at),
  }
}

function intoRows(node: ValuesNode, value: ValueNode, at: number): ValuesNode {
  const values = node.values.map((row): ValuesNode['values'][number] =>
    row.kind === 'PrimitiveValueListNode'
      ? { ...row, values: row.values.toSpliced(at, 1, value.value) }
      : { ...row, values: padded(row.values, at).toSpliced(at, 1, value) },
  )
  return { kind: 'ValuesNode', values }
}

/** A row of `insert into t default values` has no values at all. */
function padded(values: readonly OperationNode[], length: number): readonly OperationNode[] {
  return values.length >= length
    ? values
    : [...values, ...Array.from({ length: length - values.length }, () => DefaultInsertValueNode.create())]
}

function intoQuery(node: OperationNode, value: ValueNode, at: number): OperationNode {
  if (node.kind === 'ParensNode')
    return { ...node, node: intoQuery((node as ParensNode).node, value, at) } as ParensNode
  if (node.kind !== 'SelectQueryNode') throw refused('an insert of raw rows', 'select them with the builder')
  const select = node as SelectQueryNode
  const selections = select.selections ?? []
  // A star before the column's place hides how many columns stand there.
  if (at < selections.length && selections.slice(0, at + 1).some(isStar)) {
    throw refused('an insert of a query with *', 'select its columns by name')
  }
  const stamped: SelectionNode = {
    kind: 'SelectionNode',
    selection: value as OperationNode as SelectionNode['selection'],
  }
  return {
    ...select,
    selections: selections.toSpliced(at, 1, stamped),
    ...(select.setOperations && {
      setOperations: select.setOperations.map((arm) => ({
        ...arm,
        expression: intoQuery(arm.expression, value, at),
      })),
    }),
  } as SelectQueryNode
}

function isStar({ selection }: SelectionNode): boolean {
  return (
    selection.kind === 'SelectAllNode' ||
    (selection.kind === 'ReferenceNode' && 'column' in selection && selection.column.kind === 'SelectAllNode')
  )
}

function refused(statement: string, reason: string): Error {
  return coreErrors['storage.statement']({ statement, reason })
}
