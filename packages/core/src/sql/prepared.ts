import { ExpressionWrapper, ValueNode, type Kysely } from 'kysely'
import type { Compilable } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Connection, Statement } from '../storage/storage.ts'
import { Slot, TENANT_SLOT } from './parameters.ts'
import type { Binding, BuildPrepared, Prepared, PreparedQueries } from './sql-layer.ts'

/** Keys come from code and from the shapes of lists that clients ask for; the oldest go first. */
const LIMIT = 2_000

interface PreparedStatement {
  readonly sql: string
  /** Constants, and slots that a run fills. */
  readonly parameters: readonly unknown[]
}

/** @param handle a handle whose statements carry the tenant as a slot; none of them is ever run. */
export function createPreparedQueries(
  handle: (binding: Binding, tenant: unknown) => Kysely<any>,
  statementOf: (query: Compilable<any>) => Statement,
): PreparedQueries {
  // One map per mode: the SQL differs where the tenant is bound, removed rows are hidden or writes are refused.
  const byMode = Array.from({ length: 8 }, () => new Map<string, PreparedStatement>())

  const compile = (binding: Binding, build: BuildPrepared): PreparedStatement => {
    const db = handle(binding, binding.tenantId === null ? null : TENANT_SLOT)
    const { sql, parameters } = statementOf(build(db, parameter))
    return { sql, parameters: [...parameters] }
  }

  const prepared = (binding: Binding, key: string, build: BuildPrepared): PreparedStatement => {
    const statements = byMode[modeOf(binding)] as Map<string, PreparedStatement>
    const known = statements.get(key)
    if (known) return known
    const statement = compile(binding, build)
    for (const oldest of statements.keys()) {
      if (statements.size < LIMIT) break
      statements.delete(oldest)
    }
    statements.set(key, statement)
    return statement
  }

  const statement: PreparedQueries['statement'] = (binding, key, build, parameters = {}) => {
    const { sql, parameters: template } = prepared(binding, key, build)
    return {
      sql,
      parameters: template.map((value) =>
        value instanceof Slot ? filled(value, binding, parameters, key) : value,
      ),
    }
  }

  return {
    statement,
    async run<T>(
      connection: Connection,
      binding: Binding,
      key: string,
      build: BuildPrepared<T>,
      parameters: Prepared = {},
    ) {
      const { rows } = await connection.execute(statement(binding, key, build, parameters))
      return rows as T[]
    },
  }
}

function filled(slot: Slot, { tenantId }: Binding, parameters: Prepared, key: string): unknown {
  if (slot === TENANT_SLOT) return tenantId
  const value = parameters[slot.name]
  if (value === undefined) {
    throw coreErrors['storage.parameter']({
      what: 'nothing',
      wayOut: `the prepared query "${key}" needs a value for "${slot.name}"`,
    })
  }
  return slot.encode ? slot.encode(value) : value
}

function modeOf({ tenantId, writes, removed }: Binding): number {
  return (tenantId === null ? 0 : 1) + (writes === 'allow' ? 2 : 0) + (removed === 'hide' ? 4 : 0)
}

// `any`: a parameter fits every column it is compared with.
function parameter(name: string): ExpressionWrapper<any, any, any> {
  return new ExpressionWrapper(ValueNode.create(new Slot(name)))
}
