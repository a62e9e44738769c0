import type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  Metric,
  MetricOptions,
  Metrics,
} from './metrics.ts'
import { observeErrors } from './observe.errors.ts'

/** Metrics with their text. */
export interface MetricsRegistry extends Metrics {
  /** All of them in the Prometheus text format 0.0.4. */
  text(): Promise<string>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
const MAX_PARTS = 1000
const LONGEST_READ = 2000

export function createMetrics(): MetricsRegistry {
  const families = new Map<string, Family<Part>>()
  const readers = new Set<() => void | Promise<void>>()

  const declare = <P extends Part>(
    type: Type,
    name: string,
    options: MetricOptions,
    make: () => P,
  ): Metric<P> => {
    const family = new Family(name, type, options, make)
    const known = families.get(name)
    if (known && !known.isLike(family)) {
      const problem = `it is a ${known.type} with the labels [${known.labels.join(', ')}] already; choose another name`
      throw observeErrors['observe.metric']({ name, problem })
    }
    if (!known) families.set(name, family)
    return (known ?? family) as Family<P>
  }

  return {
    counter: (name, options) => declare<Counter & Part>('counter', name, options, () => new Value()),
    gauge: (name, options) => declare<Gauge & Part>('gauge', name, options, () => new Value()),
    histogram(name, options: HistogramOptions) {
      const { buckets = SECONDS } = options
      return declare<Histogram & Part>('histogram', name, options, () => new Spread(buckets))
    },
    beforeRead(read) {
      readers.add(read)
      return () => void readers.delete(read)
    },
    async text() {
      await Promise.all([...readers].map((read) => inTime(read)))
      return [...families.values()].map((family) => family.text()).join('')
    },
  }
}

type Type = 'counter' | 'gauge' | 'histogram'

/** The values under one combination of labels. */
interface Part {
  lines(name: string, labels: string): string
}

class Family<P extends Part> implements Metric<P> {
  readonly type: Type
  readonly labels: readonly string[]
  readonly #name: string
  readonly #help: string
  readonly #make: () => P
  readonly #parts = new Map<string, P>()

  constructor(name: string, type: Type, { help, labels = [] }: MetricOptions, make: () => P) {
    const wrong = [name, ...labels].find((word) => !/^[a-z][a-z0-9_]*$/.test(word))
    if (wrong !== undefined) {
      const problem = `"${wrong}" is not of lower-case letters, digits and _, beginning with a letter`
      throw observeErrors['observe.metric']({ name, problem })
    }
    this.type = type
    this.labels = labels
    this.#name = name
    this.#help = help
    this.#make = make
    // What has no labels is there from the start: a 0 says more than nothing.
    if (labels.length === 0) this.of()
  }

  of(...values: readonly string[]): P {
    const key = this.#key(values)
    const known = this.#parts.get(key)
    if (known) return known
    if (this.#parts.size >= MAX_PARTS && !values.every((value) => value === 'other'))
      return this.of(...values.map(() => 'other'))
    const made = this.#make()
    this.#parts.set(key, made)
    return made
  }

  isLike({ type, labels }: Family<Part>): boolean {
    return type === this.type && labels.join() === this.labels.join()
  }

  text(): string {
    if (this.#parts.size === 0) return ''
    const help = this.#help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
    const lines = [...this.#parts].map(([labels, part]) => part.lines(this.#name, labels))
    return `# HELP ${this.#name} ${help}\n# TYPE ${this.#name} ${this.type}\n${lines.join('')}`
  }

  /** The labels as they are printed. */
  #key(values: readonly string[]): string {
    if (values.length !== this.labels.length) {
      const problem = `it has ${this.labels.length} labels and got ${values.length} values`
      throw observeErrors['observe.metric']({ name: this.#name, problem })
    }
    return values.map((value, place) => `${this.labels[place]}="${escaped(value)}"`).join(',')
  }
}

class Value implements Part {
  #value = 0

  set(value: number): void {
    this.#value = value
  }

  add(by = 1): void {
    this.#value += by
  }

  lines(name: string, labels: string): string {
    return `${name}${labels && `{${labels}}`} ${printed(this.#value)}\n`
  }
}

class Spread implements Part {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let place = 0
    while (place < this.#bounds.length && value > this.#bounds[place]!) place++
    this.#counts[place]!++
    this.#sum += value
  }

  lines(name: string, labels: string): string {
    const before = labels && `${labels},`
    let total = 0
    const buckets = [...this.#counts].map((count, place) => {
      total += count
      const bound = this.#bounds[place] ?? Number.POSITIVE_INFINITY
      return `${name}_bucket{${before}le="${printed(bound)}"} ${total}\n`
    })
    const own = labels && `{${labels}}`
    return `${buckets.join('')}${name}_sum${own} ${printed(this.#sum)}\n${name}_count${own} ${total}\n`
  }
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function printed(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

/** A reader that fails must not keep the other numbers back. */
async function inTime(read: () => void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LONGEST_READ)))
  try {
    await Promise.race([
      Promise.resolve()
        .then(read)
        .catch(() => {}),
      late,
    ])
  } finally {
    clearTimeout(timer)
  }
}
