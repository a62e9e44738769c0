const NANOSECONDS = 1e9
let histogram: ReturnType<typeof import('node:perf_hooks').monitorEventLoopDelay> | undefined

/** How late the event loop ran its timers, in seconds. */
export interface EventLoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/**
 * The delay since the last call, of whoever called it. The first call begins measuring and answers zeros: a process that
 * nobody looks at does not measure itself.
 */
export function eventLoopDelay(): EventLoopDelay {
  if (!histogram) {
    histogram = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 })
    histogram.enable()
    return { mean: 0, p99: 0, max: 0 }
  }
  if (histogram.count === 0) return { mean: 0, p99: 0, max: 0 }
  const delay = {
    mean: histogram.mean / NANOSECONDS,
    p99: histogram.percentile(99) / NANOSECONDS,
    max: histogram.max / NANOSECONDS,
  }
  histogram.reset()
  return delay
}
