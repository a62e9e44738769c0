import { Kysely } from 'kysely'
import type { Dialect, Driver, KyselyProps } from 'kysely'
import type { Registry } from '../plugin/registry.ts'
import type { Storage } from '../storage/storage.ts'
import { BoundExecutor, ownTransaction, type ExecutorParts } from './bound-executor.ts'
import { createSqlHelpers } from './create-sql-helpers.ts'
import { originOf } from './finished.ts'
import { NodeNames } from './node-names.ts'
import { createEncoder } from './parameters.ts'
import { createPreparedQueries } from './prepared.ts'
import { createRawGuard } from './raw-guard.ts'
import type { Binding, ConnectionSource, SqlLayer } from './sql-layer.ts'
import { StatementTransformer } from './statement-transformer.ts'
import { coreErrors } from '../errors/core.errors.ts'

export interface SqlLayerParts {
  readonly registry: Registry
  readonly storage: Pick<Storage, 'capabilities' | 'sql' | 'createQueryCompiler' | 'createAdapter'>
}

/** Makes the layer between typed queries and SQL. Does no I/O; one per instance. */
export function createSqlLayer({ registry, storage }: SqlLayerParts): SqlLayer {
  const parts: ExecutorParts = {
    transformer: new StatementTransformer({
      registry,
      names: new NodeNames(),
      encode: createEncoder(storage.sql, storage.capabilities),
      guard: createRawGuard(registry, storage.capabilities),
    }),
    compiler: storage.createQueryCompiler(),
    adapter: storage.createAdapter(),
  }
  const dialect = dialectOf(parts)
  const config: KyselyProps['config'] = { dialect }
  // `any`: a handle of no particular tables; contexts name theirs.
  const bound = (binding: Binding, tenant: unknown, source: ConnectionSource): Kysely<any> =>
    new Kysely<any>({
      config,
      driver: NO_DRIVER,
      dialect,
      executor: new BoundExecutor(parts, binding, tenant, source),
    })
  const statementOf: SqlLayer['statementOf'] = (query) => {
    const compiled = query.compile()
    if (originOf(compiled)) return compiled
    throw coreErrors['storage.statement']({
      statement: 'a query of another origin',
      reason: 'nothing bound it to a tenant; build it with ctx.db',
    })
  }
  return {
    kysely: (binding, source) => bound(binding, binding.tenantId, source),
    statementOf,
    prepared: createPreparedQueries((binding, tenant) => bound(binding, tenant, NOWHERE), statementOf),
    helpers: createSqlHelpers(storage),
  }
}

const refuse = (): Promise<never> => Promise.reject(ownTransaction())

const NOWHERE: ConnectionSource = { use: refuse }

const NO_DRIVER: Driver = {
  init: () => Promise.resolve(),
  acquireConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
}

function dialectOf({ compiler, adapter }: ExecutorParts): Dialect {
  return {
    createDriver: () => NO_DRIVER,
    createQueryCompiler: () => compiler,
    createAdapter: () => adapter,
    createIntrospector: () => {
      throw coreErrors['storage.statement']({
        statement: 'an introspection',
        reason: 'contexts read and write rows, nothing else',
      })
    },
  }
}
