import { ValueNode, type OperationNode } from 'kysely'
import type { JsonOperator } from './sql-helpers.ts'
import { trustedRaw } from './trusted-node.ts'

/** A scalar inside a JSON column and the constant it is compared with. */
export interface JsonComparison {
  readonly column: OperationNode
  readonly path: readonly string[]
  readonly operator: JsonOperator
  readonly value: string | number | boolean
}

/** Containment and paths: the column is looked at once. Null where neither can say the constant. */
export function postgresJsonCompare({ column, path, operator, value }: JsonComparison): OperationNode | null {
  // A scalar inside an object is contained only in an equal scalar, never in an array that has it.
  const contained = JSON.stringify(path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value))
  // `jsonb` has neither NUL nor half a surrogate pair.
  if (/\\u(?:0000|d)/.test(contained)) return null
  if (operator === '=') {
    return trustedRaw(['(', ' @> cast(', ' as jsonb))'], [column, ValueNode.create(contained)], 'boolean')
  }
  const steps = path.map((key) => `.${JSON.stringify(key)}`).join('')
  const question = `strict $${steps} ${operator} ${JSON.stringify(value)}`
  return trustedRaw(['(', ' @@ cast(', ' as jsonpath))'], [column, ValueNode.create(question)], 'boolean')
}

/** The value is fetched first and its type looked at only where it compares. Null where a type must come first. */
export function sqliteJsonCompare({ column, path, operator, value }: JsonComparison): OperationNode | null {
  // Not a parameter: an index over the value is found by its text.
  const at = ValueNode.createImmediate(`$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`)
  if (typeof value === 'boolean') {
    return trustedRaw(['(json_type(', ', ', `) = '${value}')`], [column, at], 'boolean')
  }
  const constant = ValueNode.create(value)
  if (typeof value === 'number') {
    return trustedRaw(
      ['(', ' ->> ', ` ${operator} `, ' and json_type(', ', ', `) in ('integer', 'real'))`],
      [column, at, constant, column, at],
      'boolean',
    )
  }
  // Arrays and objects answer their JSON, which a text may equal; no number and no boolean answers a text.
  if (/^[[{]/.test(value)) return null
  return trustedRaw(['(', ' ->> ', ` ${operator} `, ')'], [column, at, constant], 'boolean')
}
