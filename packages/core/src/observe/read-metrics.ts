import type { Runtime } from '../kernel/runtime.ts'
import { CORE_VERSION } from '../version.ts'
import { eventLoopDelay } from './event-loop.ts'
import { queueStateOf } from './queue-state.ts'

/** Answers what `/metrics` shows; what is worked out only for it is set up with the first call. */
export function metricsReader(runtime: Runtime, isStarted: () => boolean): () => Promise<string> {
  const { metrics } = runtime.instruments
  if (!observed.has(metrics)) observe(runtime, isStarted)
  return () => metrics.text()
}

/** Those that are set up: HTTP and the host may both ask. */
const observed = new WeakSet<Runtime['instruments']['metrics']>()

function observe(runtime: Runtime, isStarted: () => boolean): void {
  observed.add(runtime.instruments.metrics)
  observeProcess(runtime)
  observeQueue(runtime, isStarted)
  observeLive(runtime, isStarted)
}

function observeProcess({ instruments: { metrics }, storage }: Runtime): void {
  const labels = ['version', 'node', 'database']
  const { dialect } = storage.capabilities
  metrics
    .gauge('clientele_build_info', { help: 'Always 1; the labels say what runs.', labels })
    .of(CORE_VERSION, process.version, dialect)
    .set(1)
  const gauge = (name: string, help: string) => metrics.gauge(name, { help }).of()
  const resident = gauge('process_resident_memory_bytes', 'Memory of the process in RAM.')
  const heap = gauge('nodejs_heap_size_used_bytes', 'The JavaScript heap in use.')
  const external = gauge('nodejs_external_memory_bytes', 'Buffers and what else lies beside the heap.')
  const cpu = metrics.gauge('process_cpu_seconds', { help: 'CPU time of the process.', labels: ['mode'] })
  const uptime = gauge('process_uptime_seconds', 'How long the process has run.')
  const mean = gauge('nodejs_eventloop_lag_mean_seconds', 'Delay of the event loop since the last read.')
  const p99 = gauge('nodejs_eventloop_lag_p99_seconds', 'The same, 99th percentile.')
  const max = gauge('nodejs_eventloop_lag_max_seconds', 'The same, the longest.')
  metrics.beforeRead(() => {
    const memory = process.memoryUsage()
    resident.set(memory.rss)
    heap.set(memory.heapUsed)
    external.set(memory.external)
    const { user, system } = process.cpuUsage()
    cpu.of('user').set(user / 1e6)
    cpu.of('system').set(system / 1e6)
    uptime.set(process.uptime())
    const delay = eventLoopDelay()
    mean.set(delay.mean)
    p99.set(delay.p99)
    max.set(delay.max)
  })
}

function observeLive({ live, instruments: { metrics } }: Runtime, isStarted: () => boolean): void {
  const sessions = metrics.gauge('clientele_live_sessions', {
    help: 'Clients of live updates in this process.',
  })
  metrics.beforeRead(async () => {
    if (isStarted()) sessions.of().set((await live.health()).sessions)
  })
}

function observeQueue(runtime: Runtime, isStarted: () => boolean): void {
  const { metrics } = runtime.instruments
  const read = queueStateOf(runtime)
  const jobs = metrics.gauge('clientele_jobs', { help: 'Jobs of all tenants by state.', labels: ['state'] })
  const oldest = metrics.gauge('clientele_jobs_oldest_ready_seconds', {
    help: 'How long the oldest job has been ready to run and has not been taken.',
  })
  const lag = metrics.gauge('clientele_schedule_lag_seconds', {
    help: 'How long the most overdue schedule has been due.',
  })
  const overdue = metrics.gauge('clientele_schedules_overdue', { help: 'Schedules whose time has passed.' })
  metrics.beforeRead(async () => {
    if (!isStarted()) return
    const state = await read()
    for (const [name, count] of Object.entries(state.jobs)) jobs.of(name).set(count)
    oldest.of().set(state.oldestReadyMs / 1000)
    lag.of().set(state.schedules.lagMs / 1000)
    overdue.of().set(state.schedules.overdue)
  })
}
