import { defineService } from '../di/token.ts'

/** What a metric is called and means. */
export interface MetricOptions {
  /** One sentence for whoever reads the numbers. */
  readonly help: string
  /**
   * Names of labels. Their values must be few and known: names of jobs and routes, outcomes. Never a tenant, a person
   * or anything a request brings along: each new value is kept for as long as the process lives.
   * @default none
   */
  readonly labels?: readonly string[]
}

/** What a histogram is called and means, and how finely it tells values apart. */
export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, ascending. @default from 0.001 to 10, for seconds */
  readonly buckets?: readonly number[]
}

/** A metric; `of` answers the part with these label values, in the order in which the labels were declared. */
export interface Metric<Part> {
  /** Keep what it answers where it is used often. Past 1,000 combinations of values all others are counted as `other`. */
  of(...values: readonly string[]): Part
}

/** What only grows. */
export interface Counter {
  /** @default 1 */
  add(by?: number): void
}

/** What goes up and down. */
export interface Gauge {
  set(value: number): void
  add(by: number): void
}

/** How values are spread. */
export interface Histogram {
  observe(value: number): void
}

/**
 * Numbers about this process, read at `GET /metrics` in the Prometheus text format. A plugin declares its own where it
 * first counts; the same name declared again is the same metric.
 *
 * @example
 * const sent = ctx.get(Metrics).counter('messaging_sent_total', { help: 'Messages handed over.', labels: ['channel'] })
 * sent.of('email').add()
 */
export interface Metrics {
  /** What only grows; the name ends in `_total`. @throws `observe.metric` */
  counter(name: string, options: MetricOptions): Metric<Counter>
  /** What goes up and down. @throws `observe.metric` */
  gauge(name: string, options: MetricOptions): Metric<Gauge>
  /** How values are spread; the name ends in the unit: `_seconds`, `_bytes`. @throws `observe.metric` */
  histogram(name: string, options: HistogramOptions): Metric<Histogram>
  /**
   * Calls `read` before the numbers are read, to set gauges. At most two seconds; what fails or takes longer keeps its
   * last values. Answers the function that ends it.
   */
  beforeRead(read: () => void | Promise<void>): () => void
}

/** The numbers of this process. */
export const Metrics = defineService<Metrics>('core.metrics')
