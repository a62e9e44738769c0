const NANOSECONDS = 1e9

/** Whoever asks so soon after another gets the same answer: several readers must not take it from each other. */
const SAME_FOR = 1000

/** How late the event loop ran its timers, in seconds. */
export interface EventLoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

const NOTHING: EventLoopDelay = { mean: 0, p99: 0, max: 0 }

let histogram: ReturnType<typeof import('node:perf_hooks').monitorEventLoopDelay> | undefined
let last = NOTHING
let readAt = 0

/**
 * The delay since it was last read. The first call begins measuring and answers zeros: a process that nobody looks at does
 * not measure itself.
 */
export function eventLoopDelay(): EventLoopDelay {
  if (!histogram) {
    histogram = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 })
    histogram.enable()
  } else if (performance.now() - readAt < SAME_FOR) {
    return last
  }
  readAt = performance.now()
  last = histogram.count === 0 ? NOTHING : readingOf(histogram)
  histogram.reset()
  return last
}

function readingOf(of: NonNullable<typeof histogram>): EventLoopDelay {
  return { mean: of.mean / NANOSECONDS, p99: of.percentile(99) / NANOSECONDS, max: of.max / NANOSECONDS }
}
