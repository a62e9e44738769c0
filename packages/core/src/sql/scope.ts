import type { TableNode } from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { SqlType } from '../storage/physical.ts'
import { camelCase } from './names.ts'

/** A column that a table, sub-query or statement answers. */
export interface OutputColumn {
  /** As TypeScript names it; empty when it has no name. */
  readonly name: string
  /** Undefined where it is not known. */
  readonly type: SqlType | undefined
  /** A plain column of an entity's own table: the database itself tells its type with the result. */
  readonly direct: boolean
}

/** Something a query reads from or writes to, under the name its references use. */
export interface Source {
  readonly name: string
  /** How SQL refers to it. */
  readonly table: TableNode
  /** Null for CTEs, sub-queries and table functions. */
  readonly entity: RegisteredEntity | null
  /** Null when unknown. */
  readonly columns: readonly OutputColumn[] | null
}

/** What one query level can see; inner levels shadow outer ones. */
export class Scope {
  readonly parent: Scope | null
  readonly sources: Source[] = []
  /** Made when needed: most queries have none. */
  #ctes: Map<string, readonly OutputColumn[] | null> | null = null

  constructor(parent: Scope | null) {
    this.parent = parent
  }

  /** Two sources of one name would leave it open which of them a predicate binds. */
  add(source: Source): void {
    const name = source.table.table.identifier.name
    if (name !== '' && this.sources.some((known) => known.table.table.identifier.name === name)) {
      throw coreErrors['storage.statement']({
        statement: `two tables named "${source.name}"`,
        reason: 'give each an alias',
      })
    }
    this.sources.push(source)
  }

  /** @param columns null when unknown. */
  addCte(name: string, columns: readonly OutputColumn[] | null): void {
    this.#ctes ??= new Map()
    this.#ctes.set(name, columns)
  }

  /** The columns of a visible CTE, or undefined when there is none of that name. */
  cte(name: string): readonly OutputColumn[] | null | undefined {
    // The scope chain is a handful of levels deep.
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const columns = scope.#ctes?.get(name)
      if (columns !== undefined) return columns
    }
    return undefined
  }

  source(name: string): Source | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const found = scope.sources.find((source) => source.name === name)
      if (found) return found
    }
    return undefined
  }

  /** The column a reference means; undefined when it cannot be told. */
  column(name: string, table?: string): OutputColumn | undefined {
    if (table !== undefined) {
      const source = this.source(table)
      return source && columnOf(source, name)
    }
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      for (const source of scope.sources) {
        const column = columnOf(source, name)
        if (column) return column
      }
    }
    return undefined
  }
}

const entityColumns = new WeakMap<RegisteredEntity, ReadonlyMap<string, OutputColumn>>()

/** The columns of an entity's table, by property. */
export function columnsOfEntity(entity: RegisteredEntity): ReadonlyMap<string, OutputColumn> {
  let columns = entityColumns.get(entity)
  if (!columns) {
    columns = new Map(Array.from(entity.columns, ([name, { type }]) => [name, { name, type, direct: true }]))
    entityColumns.set(entity, columns)
  }
  return columns
}

function columnOf(source: Source, name: string): OutputColumn | undefined {
  if (source.entity) {
    const columns = columnsOfEntity(source.entity)
    return columns.get(name) ?? columns.get(camelCase(name))
  }
  return source.columns?.find((column) => column.name === name)
}
