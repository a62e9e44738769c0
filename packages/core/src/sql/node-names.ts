import { ColumnNode, IdentifierNode, TableNode } from 'kysely'
import { snakeCase } from './names.ts'

/** Names come from code, but a caller may compute aliases: the cache is emptied before it grows without end. */
const LIMIT = 10_000

/** Tree nodes of snake_case names, shared between all queries. */
export class NodeNames {
  readonly #identifiers = new Map<string, IdentifierNode>()
  readonly #columns = new Map<string, ColumnNode>()
  readonly #tables = new Map<string, TableNode>()

  identifier(name: string): IdentifierNode {
    return cached(this.#identifiers, name, () => IdentifierNode.create(snakeCase(name)))
  }

  column(name: string): ColumnNode {
    return cached(this.#columns, name, () => ColumnNode.create(snakeCase(name)))
  }

  table(name: string): TableNode {
    return cached(this.#tables, name, () => TableNode.create(snakeCase(name)))
  }
}

function cached<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name)
  if (known !== undefined) return known
  if (map.size >= LIMIT) map.clear()
  const made = make()
  map.set(name, made)
  return made
}
