import {
  AliasNode,
  expressionBuilder,
  ExpressionWrapper,
  IdentifierNode,
  isExpression,
  ValueNode,
} from 'kysely'
import type { AliasedExpression, Expression, OperationNode } from 'kysely'
import type { SqlType } from '../storage/physical.ts'
import type { Storage } from '../storage/storage.ts'
import { postgresCalendar, sqliteCalendar } from './calendar-text.ts'
import { postgresJsonCompare, sqliteJsonCompare } from './json-compare.ts'
import { postgresLists, rootOf, sqliteLists, sqlitePath } from './json-lists.ts'
import { foldAscii, wildcardPattern } from './like-text.ts'
import { EncodedParameter, Slot, TypedParameter } from './parameters.ts'
import type { SqlHelpers } from './sql-helpers.ts'
import { trustedRaw, typedNode } from './trusted-node.ts'

type Helpers = Omit<SqlHelpers, 'value' | 'as' | 'result' | 'jsonCompare' | 'like'>

/** The helpers of one database. */
export function createSqlHelpers(storage: Pick<Storage, 'capabilities' | 'sql'>): SqlHelpers {
  const postgres = storage.capabilities.dialect === 'postgres'
  const helpers = postgres ? postgresHelpers(storage) : sqliteHelpers(storage)
  const compare = postgres ? postgresJsonCompare : sqliteJsonCompare
  return {
    value: (type, value) => {
      const node = ValueNode.create(new TypedParameter(type, value))
      // PostgreSQL cannot always tell the type of a parameter from its place.
      const cast = postgres
        ? trustedRaw(['cast(', ` as ${withoutCollation(storage.sql.columnType(type))})`], [node], type)
        : node
      return wrap(cast)
    },
    as: <T, A extends string>(expression: Expression<T>, type: SqlType, alias: A) =>
      aliased<T, A>(expression, typedNode(expression.toOperationNode(), type), alias),
    result: (column, type, alias) => {
      const node = column.toOperationNode()
      if (postgres || type !== 'uuid') return aliased(column, node, alias)
      return aliased(column, trustedRaw(['hex(', ')'], [node], type), alias)
    },
    jsonCompare(column, path, operator, value) {
      const node = column.toOperationNode()
      // A scalar that is contained in a list would do for an empty path, and what lies in a list has no fixed path.
      const quick = path.length > 0 && !rootOf(node) ? compare({ column: node, path, operator, value }) : null
      if (quick) return wrap(quick)
      const typed = helpers.json(column, path, (typeof value === 'string' ? 'text' : typeof value) as 'text')
      return call(['(', ` ${operator} `, ')'], [typed.toOperationNode(), ValueNode.create(value)], 'boolean')
    },
    like: (text, pattern) => helpers.matches(text, wildcardPattern(pattern)),
    ...helpers,
  }
}

function postgresHelpers({ sql }: Pick<Storage, 'sql'>): Helpers {
  const at = (column: Expression<unknown>, path: readonly string[], last: '->' | '->>'): OperationNode => {
    const node = column.toOperationNode()
    if (path.length === 0) return last === '->' ? node : trustedRaw(['(', " #>> '{}')"], [node])
    return path.reduce<OperationNode>(
      (inner, key, index) =>
        trustedRaw(
          ['(', index === path.length - 1 ? ` ${last} cast(` : ' -> cast(', ' as text))'],
          [inner, ValueNode.create(key)],
        ),
      node,
    )
  }
  return {
    ...postgresLists(at),
    ...postgresCalendar,
    json(column: Expression<unknown>, path: readonly string[], as: 'text' | 'number' | 'boolean') {
      const [name, open, close] = {
        text: ['string', '', ''],
        number: ['number', 'cast(', ' as float8)'],
        boolean: ['boolean', 'cast(', ' as boolean)'],
      }[as] as [string, string, string]
      return call(
        ['(case when jsonb_typeof(', `) = '${name}' then ${open}`, `${close} end)`],
        [at(column, path, '->'), at(column, path, '->>')],
        as === 'boolean' ? 'boolean' : undefined,
      )
    },
    jsonType: (column, path) =>
      call(
        [
          'coalesce(nullif(jsonb_typeof(',
          "), 'string'), case when jsonb_typeof(",
          ") = 'string' then 'text' end)",
        ],
        [at(column, path, '->'), at(column, path, '->')],
      ),
    foldAscii: (text) => call(['lower((', ') collate "C")'], [text.toOperationNode()]),
    numberedId(base, number) {
      const [n, parts] = [number.toOperationNode(), numberedParts(base)]
      return call(
        [
          'cast(cast(',
          ' as text) || lpad(to_hex(',
          " / 4096), 3, '0') || '-8' || lpad(to_hex(",
          " % 4096), 3, '0') || cast(",
          ' as text) as uuid)',
        ],
        [ValueNode.create(`${parts[0]}-7`), n, n, ValueNode.create(`-${parts[1]}`)],
        'uuid',
      )
    },
    anyOf: (column, type, values) =>
      call(
        ['(', ' = any(cast(', ` as ${withoutCollation(sql.columnType(type))}[])))`],
        [
          column.toOperationNode(),
          listParameter(values, (list) =>
            list.map((value) => (value === null ? null : sql.encode(type, value))),
          ),
        ],
        'boolean',
      ),
    // A join where the planner can make one of it; NOT IN never becomes one, and a large set is walked for every row.
    among(column, ids, negated = false) {
      const eb = expressionBuilder<any, any>()
      const found = eb.exists(
        eb
          .selectFrom(ids.as('among'))
          .select(eb.lit(1).as('found'))
          .where('among.id', '=', column as never),
      )
      return (negated ? eb.not(found) : found) as ExpressionWrapper<any, any, boolean>
    },
    apart: (predicate) => call(['(', ' is true)'], [predicate.toOperationNode()], 'boolean'),
    sampled: (id, share) =>
      call(
        ['(substring(uuid_send(', ') from 13) <= decode(', ", 'hex'))"],
        [id.toOperationNode(), ValueNode.create(lastOfSample(share).toString('hex'))],
        'boolean',
      ),
    idNumber: (id) =>
      call(["cast(cast('x' || right(cast(", ' as text), 7) as bit(28)) as integer)'], [id.toOperationNode()]),
    shifted: (instant, milliseconds) =>
      call(
        ['(', ' + cast(', " as float8) * interval '1 millisecond')"],
        [instant.toOperationNode(), ValueNode.create(milliseconds)],
        'timestamp',
      ),
    unindexed: (column) => wrap(column.toOperationNode()),
    eachOrOnce: ({ once }) => once(),
    matches: (text, pattern) =>
      call(
        ['(lower((', ') collate "C") like ', " escape '\\')"],
        [text.toOperationNode(), ValueNode.create(foldAscii(pattern))],
        'boolean',
      ),
  }
}

/** What stands before and after the number in the ids of rows that one statement makes. */
function numberedParts(base: string): readonly [string, string] {
  return [base.slice(0, 13), base.slice(-12)]
}

/** An array type takes no collation; the column it is compared with brings its own. */
function withoutCollation(columnType: string): string {
  return columnType.replace(/ collate .*$/i, '')
}

function sqliteHelpers({ sql }: Pick<Storage, 'sql'>): Helpers {
  return {
    ...sqliteLists,
    ...sqliteCalendar,
    json(column: Expression<unknown>, path: readonly string[], as: 'text' | 'number' | 'boolean') {
      const [node, parameter] = sqlitePath(column, path)
      if (as === 'boolean') {
        return call(
          ['(case json_type(', ', ', ") when 'true' then 1 when 'false' then 0 end)"],
          [node, parameter],
          'boolean',
        )
      }
      const types = as === 'text' ? "= 'text'" : "in ('integer', 'real')"
      return call(
        ['(case when json_type(', ', ', `) ${types} then json_extract(`, ', ', ') end)'],
        [node, parameter, node, parameter],
      )
    },
    jsonType(column, path) {
      const [node, at] = sqlitePath(column, path)
      return call(
        [
          '(case json_type(',
          ', ',
          ") when 'integer' then 'number' when 'real' then 'number' when 'true' then 'boolean' when 'false' then 'boolean' else json_type(",
          ', ',
          ') end)',
        ],
        [node, at, node, at],
      )
    },
    foldAscii: (text) => call(['lower(', ')'], [text.toOperationNode()]),
    numberedId(base, number) {
      const [n, parts] = [number.toOperationNode(), numberedParts(base)]
      return call(
        ['unhex(', " || printf('%03x8%03x', ", ' / 4096, ', ' % 4096) || ', ')'],
        [ValueNode.create(`${parts[0].replace('-', '')}7`), n, n, ValueNode.create(parts[1])],
        'uuid',
      )
    },
    anyOf(column, type, values) {
      const binary = type === 'uuid' || type === 'bytes'
      const encode = (list: readonly unknown[]): string =>
        JSON.stringify(list.map((value) => (value === null ? null : jsonScalar(sql.encode(type, value)))))
      const item = binary ? 'unhex(value)' : 'value'
      return call(
        ['(', ` in (select ${item} from json_each(`, ')))'],
        [column.toOperationNode(), listParameter(values, encode)],
        'boolean',
      )
    },
    among: (column, ids, negated = false) =>
      expressionBuilder<any, any>()(column, negated ? 'not in' : 'in', ids) as never,
    apart: (predicate) => wrap(predicate.toOperationNode()),
    sampled: (id, share) =>
      call(
        ['(substr(', ', 13) <= ', ')'],
        [id.toOperationNode(), ValueNode.create(lastOfSample(share))],
        'boolean',
      ),
    // JSON5 is what reads hexadecimal digits here.
    idNumber: (id) => call(["(('0x' || substr(hex(", "), 26)) ->> '$')"], [id.toOperationNode()]),
    shifted: (instant, milliseconds) =>
      call(
        ['(', ' + cast(', ' as integer))'],
        [instant.toOperationNode(), ValueNode.create(milliseconds)],
        'timestamp',
      ),
    unindexed: (column) => call(['(+', ')'], [column.toOperationNode()]),
    eachOrOnce: ({ each }) => each(),
    // SQLite's own LIKE folds A to Z and nothing else.
    matches: (text, pattern) =>
      call(['(', ' like ', " escape '\\')"], [text.toOperationNode(), ValueNode.create(pattern)], 'boolean'),
  }
}

/** The greatest of the last four bytes that ids of a sample have. */
function lastOfSample(share: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(Math.max(0, Math.min(1, share) * 2 ** 32 - 1) >>> 0)
  return bytes
}

function listParameter(
  values: readonly unknown[] | Expression<unknown>,
  encode: (list: readonly unknown[]) => unknown,
): OperationNode {
  if (isExpression(values)) {
    const { value } = values.toOperationNode() as ValueNode
    if (value instanceof Slot)
      return ValueNode.create(new Slot(value.name, (list) => encode(list as readonly unknown[])))
    throw new TypeError('anyOf takes a list of values, or a parameter of a prepared query')
  }
  return ValueNode.create(new EncodedParameter(encode(values)))
}

function jsonScalar(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

function call(
  fragments: readonly string[],
  parameters: readonly OperationNode[],
  type?: SqlType,
): ExpressionWrapper<any, any, any> {
  return wrap(trustedRaw(fragments, parameters, type))
}

// `any`: helpers fit into queries over any tables.
function wrap(node: OperationNode): ExpressionWrapper<any, any, any> {
  return new ExpressionWrapper(node)
}

function aliased<T, A extends string>(
  expression: Expression<T>,
  node: OperationNode,
  alias: A,
): AliasedExpression<T, A> {
  return { expression, alias, toOperationNode: () => AliasNode.create(node, IdentifierNode.create(alias)) }
}
