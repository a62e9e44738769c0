import { ExpressionWrapper, ValueNode, type Expression, type OperationNode } from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import type { SqlHelpers } from './sql-helpers.ts'
import { trustedRaw } from './trusted-node.ts'

type Lists = Pick<SqlHelpers, 'jsonAt' | 'anyElement' | 'jsonLength'>
type At = (column: Expression<unknown>, path: readonly string[], last: '->' | '->>') => OperationNode

/** Lists on PostgreSQL, where `->` answers a JSON column again. */
export function postgresLists(at: At): Lists {
  return {
    jsonAt: (column, path) => wrap(at(column, path, '->')),
    anyElement(column, path, fits) {
      const list = at(column, path, '->')
      // Unfolding what is no list is an error, and only CASE promises to look first.
      return call(
        [
          'exists (select 1 from jsonb_array_elements(case when jsonb_typeof(',
          ") = 'array' then ",
          " else '[]'::jsonb end) as element(item) where ",
          ')',
        ],
        [list, list, fits(wrap(trustedRaw(['(element.item)'], []))).toOperationNode()],
        'boolean',
      )
    },
    jsonLength(column, path) {
      const list = at(column, path, '->')
      return call(
        ['(case when jsonb_typeof(', ") = 'array' then jsonb_array_length(", ') end)'],
        [list, list],
      )
    },
  }
}

/** Where a part of a JSON column lies: SQLite's functions want the whole column and a path. */
interface Root {
  readonly column: OperationNode
  readonly path: OperationNode
}

const roots = new WeakMap<OperationNode, Root>()

/** Where the part lies that `jsonAt` or `anyElement` gave; undefined for a column. */
export function rootOf(node: OperationNode): Root | undefined {
  return roots.get(node)
}

/** The column and the path by which SQLite's JSON functions reach a part of it. */
export function sqlitePath(
  column: Expression<unknown>,
  path: readonly string[],
): readonly [column: OperationNode, path: OperationNode] {
  const node = column.toOperationNode()
  const root = roots.get(node)
  const steps = path.map((key) => `.${JSON.stringify(key)}`).join('')
  if (!root) return [node, ValueNode.create(`$${steps}`)]
  if (steps === '') return [root.column, root.path]
  return [root.column, trustedRaw(['(', ' || ', ')'], [root.path, ValueNode.create(steps)])]
}

/** Lists on SQLite. */
export const sqliteLists: Lists = {
  jsonAt(column, path) {
    const [node, at] = sqlitePath(column, path)
    return rooted(node, at)
  },
  anyElement(column, path, fits) {
    const [node, at] = sqlitePath(column, path)
    const element = rooted(node, trustedRaw(['(', " || '[' || element.key || ']')"], [at]))
    return call(
      [
        '(json_type(',
        ', ',
        ") = 'array' and exists (select 1 from json_each(",
        ', ',
        ') as element where ',
        '))',
      ],
      [node, at, node, at, fits(element).toOperationNode()],
      'boolean',
    )
  },
  jsonLength(column, path) {
    const [node, at] = sqlitePath(column, path)
    return call(
      ['(case when json_type(', ', ', ") = 'array' then json_array_length(", ', ', ') end)'],
      [node, at, node, at],
    )
  },
}

function rooted(column: OperationNode, path: OperationNode): Expression<unknown> {
  const node = trustedRaw(['(', ' -> ', ')'], [column, path])
  roots.set(node, { column, path })
  return wrap(node)
}

// `any`: helpers fit into queries over any tables.
function wrap(node: OperationNode): ExpressionWrapper<any, any, any> {
  return new ExpressionWrapper(node)
}

function call(
  fragments: readonly string[],
  parameters: readonly OperationNode[],
  type?: SqlType,
): ExpressionWrapper<any, any, any> {
  return wrap(trustedRaw(fragments, parameters, type))
}
