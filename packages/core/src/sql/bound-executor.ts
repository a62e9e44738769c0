import { DefaultQueryExecutor } from 'kysely'
import type {
  AbortableOperationOptions,
  AbortableQueryOptions,
  CompiledQuery,
  ConnectionProvider,
  DialectAdapter,
  KyselyPlugin,
  QueryCompiler,
  QueryId,
  QueryResult,
  RootOperationNode,
} from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import { finishedOf, originOf } from './finished.ts'
import { withTypedNames } from './result-names.ts'
import type { Binding, ConnectionSource } from './sql-layer.ts'
import type { StatementTransformer } from './statement-transformer.ts'

/** What all executors of one layer share. */
export interface ExecutorParts {
  readonly transformer: StatementTransformer
  readonly compiler: QueryCompiler
  readonly adapter: DialectAdapter
}

/**
 * Binds every query to one context. It is an executor and no plugin, because plugins can be taken off a Kysely and
 * compiled queries pass them by.
 */
export class BoundExecutor extends DefaultQueryExecutor {
  readonly #parts: ExecutorParts
  readonly #binding: Binding
  readonly #tenant: unknown
  readonly #source: ConnectionSource

  constructor(
    parts: ExecutorParts,
    binding: Binding,
    tenant: unknown,
    source: ConnectionSource,
    plugins: readonly KyselyPlugin[] = NO_PLUGINS,
  ) {
    super(parts.compiler, parts.adapter, connectionsOf(source), plugins as KyselyPlugin[])
    this.#parts = parts
    this.#binding = binding
    this.#tenant = tenant
    this.#source = source
  }

  override transformQuery<T extends RootOperationNode>(node: T, queryId: QueryId): T {
    if (finishedOf(node)) return node
    return this.#parts.transformer.transform(super.transformQuery(node, queryId), this.#binding, this.#tenant)
  }

  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    const finished = finishedOf(node)
    if (!finished) return this.compileQuery(this.transformQuery(node, queryId), queryId)
    const compiled = super.compileQuery(
      finished.renames ? withTypedNames(node, finished.renames, finished.groupedResults) : node,
      queryId,
    )
    finished.compiled = compiled
    return compiled
  }

  override async executeQuery<R>(
    compiled: CompiledQuery,
    options?: AbortableQueryOptions,
  ): Promise<QueryResult<R>> {
    this.#checkOrigin(compiled)
    if (options?.signal) return super.executeQuery(compiled, options)
    const { rows, affected } = await this.#source.use((connection) => connection.execute(compiled))
    return { rows: rows as R[], numAffectedRows: BigInt(affected) }
  }

  override stream<R>(
    compiled: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<R>> {
    this.#checkOrigin(compiled)
    return super.stream(compiled, chunkSize, options)
  }

  /** The system runs what it likes; everyone else only what was bound to them. */
  #checkOrigin(compiled: CompiledQuery): void {
    if (this.#tenant === null && this.#binding.writes === 'allow') return
    const origin = originOf(compiled)
    if (origin && origin.tenant === this.#tenant) return
    throw coreErrors['storage.statement']({
      statement: 'a compiled query of another origin',
      reason: 'nothing bound it to this context; build it with ctx.db',
    })
  }

  /** Before the binding, which has the last word. */
  override withPlugin(plugin: KyselyPlugin): BoundExecutor {
    return this.#with([...this.plugins, plugin])
  }

  override withPlugins(plugins: readonly KyselyPlugin[]): BoundExecutor {
    return this.#with([...this.plugins, ...plugins])
  }

  override withPluginAtFront(plugin: KyselyPlugin): BoundExecutor {
    return this.#with([plugin, ...this.plugins])
  }

  /** The binding stays. */
  override withoutPlugins(): BoundExecutor {
    return this.#with(NO_PLUGINS)
  }

  /** Kysely asks for this when it opens a transaction or a connection of its own. */
  override withConnectionProvider(_: ConnectionProvider): never {
    throw ownTransaction()
  }

  #with(plugins: readonly KyselyPlugin[]): BoundExecutor {
    return new BoundExecutor(this.#parts, this.#binding, this.#tenant, this.#source, plugins)
  }
}

const NO_PLUGINS: readonly KyselyPlugin[] = []

export function ownTransaction(): Error {
  return coreErrors['storage.statement']({
    statement: "a transaction or connection of Kysely's own",
    reason: 'lanes, retries and savepoints belong to the context; use ctx.tx(async (t) => …)',
  })
}

function connectionsOf(source: ConnectionSource): ConnectionProvider {
  return {
    provideConnection: (consumer) =>
      source.use((connection) =>
        consumer({
          async executeQuery<R>(compiled: CompiledQuery) {
            const { rows, affected } = await connection.execute(compiled)
            return { rows: rows as R[], numAffectedRows: BigInt(affected) }
          },
          async *streamQuery<R>(compiled: CompiledQuery, chunkSize: number) {
            for await (const { rows } of connection.stream(compiled, chunkSize)) yield { rows: rows as R[] }
          },
        }),
      ),
  }
}
