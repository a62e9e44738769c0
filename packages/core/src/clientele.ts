import type { Clientele, ClienteleOptions, Plugins, Scope, ScopedClientele } from './clientele.types.ts'
import { BoundContext } from './context/bound-context.ts'
import { createContextHost, type ContextHost } from './context/context-host.ts'
import { resolveScope } from './context/resolve-scope.ts'
import { runHostTransaction, runJoined } from './context/run-transaction.ts'
import { SINGLE_TENANT } from './context/tenant-id.ts'
import { WHOLE_INSTANCE } from './context/system-context.ts'
import { corePlugin } from './core.plugin.ts'
import { createContainer, type ServiceContainer } from './di/container.ts'
import { provide } from './di/token.ts'
import { coreErrors } from './errors/core.errors.ts'
import { createEvents } from './event/events.ts'
import { authenticatorsOf, schemeProblems, startAuthenticators } from './http/authenticate.ts'
import { expressRouter } from './http/express.ts'
import { inProcessApi } from './http/in-process.ts'
import { openapiDocument } from './http/openapi.ts'
import { createPipeline } from './http/pipeline.ts'
import { createQueue } from './job/queue.ts'
import { createWorker } from './job/worker.ts'
import { createScheduler } from './schedule/scheduler.ts'
import { refuseSecondCore } from './kernel/refuse-second-core.ts'
import type { ContextScope, Runtime } from './kernel/runtime.ts'
import type { KeyRing } from './keys/key-ring.types.ts'
import { loadKeys } from './keys/load-keys.ts'
import { journalRecorder } from './live/journal-recorder.ts'
import { removeForeignPositions } from './live/keep-journal.ts'
import { createLive } from './live/live.ts'
import { warnOfMissingTransport } from './mail/warn-of-missing-transport.ts'
import { createMigrator } from './migration/migrator.ts'
import { createInstruments } from './observe/instruments.ts'
import { createMetrics } from './observe/create-metrics.ts'
import { whyNoStart } from './kernel/forbid-start.ts'
import { observeErrors } from './observe/observe.errors.ts'
import { createOperate } from './observe/create-operate.ts'
import { Metrics } from './observe/metrics.ts'
import { loadTracing } from './observe/tracing.ts'
import { optionProblems } from './option-problems.ts'
import { collectPlugins } from './plugin/collect-plugins.ts'
import { startPlugins, stopPlugins } from './plugin/plugin-lifecycle.ts'
import type { InstalledPlugin } from './plugin/registry.ts'
import { systemClock, toTimestamp, type SystemClock } from './ports/clock.ts'
import { uuidV7 } from './ports/ids.ts'
import { jsonLogger } from './ports/logger.ts'
import { systemRandom } from './ports/random.ts'
import { searchRecorder } from './search/search-recorder.ts'
import { createSqlLayer } from './sql/create-sql-layer.ts'
import { insertLimitsRecorder } from './tenant/insert-limits.ts'
import { CORE_VERSION } from './version.ts'

/**
 * Composes a customer data platform from plugins. Does no I/O; {@link Clientele.start} opens the database.
 *
 * @throws `config.invalid` listing every configuration error, each with its plugin's name and the way out.
 *
 * @example
 * const cdp = createClientele({ storage: sqlite('shop.db'), plugins: [customers(), inventory(), orders(), segments()] })
 * await cdp.start()
 * express().use(cdp.router()).listen(3000)
 */
export function createClientele<const P extends Plugins>(options: ClienteleOptions<P>): Clientele<P> {
  refuseSecondCore(import.meta.url, CORE_VERSION)
  const {
    registry,
    providers,
    problems: pluginProblems,
  } = collectPlugins(options.plugins, {
    corePlugin: corePlugin(),
    coreVersion: CORE_VERSION,
    tablePrefix: options.tablePrefix ?? 'clientele_',
    overrides: options.overrides ?? [],
  })
  const problems = [
    ...optionProblems(options),
    ...pluginProblems,
    ...schemeProblems(registry, authenticatorsOf(registry, options.authenticators)),
  ]
  if (problems.length > 0) throw coreErrors['config.invalid']({ problems })

  const { storage } = options
  const clock = options.clock ?? systemClock()
  const random = options.random ?? systemRandom()
  const ids = options.ids ?? uuidV7(clock, random)
  const logger = options.logger ?? jsonLogger({ now: () => toTimestamp(clock.now()) })
  const mode = options.tenancy?.mode ?? 'single'
  const sql = createSqlLayer({ registry, storage })
  const instruments = createInstruments(createMetrics())
  let keys: KeyRing | undefined
  let services: ServiceContainer | undefined
  // A start that fails leads back to `new`: the database may be there the next time.
  let state: 'new' | 'starting' | 'started' | 'stopped' = 'new'
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const required = <T>(value: T | undefined, action: string): T => {
    if (value === undefined) throw coreErrors['config.not_started']({ action })
    return value
  }

  const runtime: Runtime = {
    registry,
    storage,
    clock,
    ids,
    random,
    logger,
    sql,
    mode,
    tenants: options.tenancy?.tenants,
    mail: options.mail ?? {},
    instruments,
    recorders: [searchRecorder, journalRecorder({ registry, storage }), insertLimitsRecorder(registry)],
    get live() {
      return live
    },
    get keys() {
      return required(keys, 'use keys')
    },
    context: (scope) => new BoundContext(host, scope),
  }
  const live = createLive(runtime)
  const queue = createQueue(runtime, options.jobs)
  const events = createEvents(runtime, queue)
  const worker = createWorker(runtime, queue, events, options.jobs)
  const scheduler = createScheduler(runtime, queue, options.jobs)
  const host: ContextHost = createContextHost({
    runtime,
    queue,
    events,
    services: () => required(services, 'get a service'),
  })
  const migrator = createMigrator({ storage, registry, logger, clock })
  const pipeline = createPipeline({
    runtime,
    options: { ...options, isStarted: () => state === 'started' },
  })

  const scopeOf = (scope: Scope = {}): ContextScope => resolveScope(scope, { mode, ids })
  // In multi mode no tenant is bound: `*` owns no row.
  const lifecycleContext = (): BoundContext =>
    new BoundContext(host, {
      ...scopeOf({ tenantId: SINGLE_TENANT }),
      tenantId: mode === 'single' ? SINGLE_TENANT : WHOLE_INSTANCE,
    })

  const opened = { storage: false }
  const open = async (): Promise<void> => {
    if (opened.storage) return
    await storage.open({
      logger,
      clock,
      columnType: (table, column) =>
        registry.tables.get(table)?.table.columns.find((c) => c.name === column)?.type,
    })
    opened.storage = true
    if (!options.clock) (clock as SystemClock).synchronise(await storage.now())
  }
  const started: InstalledPlugin[] = []
  const close = async (): Promise<void> => {
    await stopPlugins(started, lifecycleContext())
    await services?.dispose()
    await options.mail?.transport?.close?.()
    opened.storage = false
    await storage.close()
  }
  const startUp = async (workers: boolean): Promise<void> => {
    try {
      await loadTracing()
      startAuthenticators(authenticatorsOf(registry, options.authenticators), logger)
      await open()
      keys = await loadKeys({ keys: options.keys, keyFile: storage.keyFile, storageId: storage.id, random })
      if (options.migrate === 'check') await refusePending(migrator)
      else await migrator.up()
      await removeForeignPositions(runtime)
      services = createContainer(providers, [
        provide(Metrics, { factory: () => instruments.metrics }),
        ...(options.overrides ?? []),
      ])
      await startPlugins(registry.plugins, started, lifecycleContext())
      warnOfMissingTransport(runtime)
      state = 'started'
      if (!workers) return
      await worker.start()
      scheduler.start()
    } catch (error) {
      await close()
      state = 'new'
      throw error
    }
  }
  const shutDown = async (graceMs: number): Promise<void> => {
    await starting?.catch(() => {})
    state = 'stopped'
    await live.close()
    await scheduler.stop()
    await worker.stop(graceMs)
    await close()
  }

  return {
    async start({ workers = true } = {}) {
      const forbidden = whyNoStart()
      if (forbidden) throw observeErrors['observe.only_loaded']({ reason: forbidden })
      if (state !== 'new' || stopping) {
        throw coreErrors['config.start_once']({ state: state === 'new' ? 'stopped' : state })
      }
      state = 'starting'
      starting = startUp(workers)
      await starting
    },
    stop({ graceMs = 10_000 } = {}) {
      stopping ??= shutDown(graceMs)
      return stopping
    },
    as(scope) {
      const resolved = scopeOf(scope)
      const ctx = new BoundContext(host, resolved)
      // The routes and tables behind `P` are known by their declarations only, so the typed face is put on here.
      const scoped: ScopedClientele<any> = {
        ctx,
        get db() {
          return ctx.db
        },
        get: (token) => ctx.get(token),
        tx: (fn) => ctx.tx(fn),
        api: inProcessApi(runtime, resolved) as never,
      }
      return scoped
    },
    join: (connection, scope, fn) => runJoined(host, scopeOf(scope), connection, fn as never),
    hostTransaction: (fn) => runHostTransaction(host, fn),
    router: () => expressRouter(pipeline),
    openapi: () =>
      openapiDocument(registry, {
        ...options,
        authenticators: authenticatorsOf(registry, options.authenticators),
      }),
    operate: createOperate({ runtime, open, state: () => state, keys: options.keys }),
    migrations: {
      up: async () => (await open(), migrator.up()),
      down: async (which) => (await open(), migrator.down(which)),
      // Looking makes no database.
      status: async () => (storage.exists?.() === false || (await open()), migrator.status()),
    },
    async runJobs(limits) {
      await scheduler.fire()
      return worker.drain(limits)
    },
  }
}

async function refusePending(migrator: ReturnType<typeof createMigrator>): Promise<void> {
  const { pending } = await migrator.status()
  if (pending.length > 0) {
    throw coreErrors['migration.pending']({ pending: pending.map(({ plugin, name }) => `${plugin}/${name}`) })
  }
}
