import {
  boundsOf,
  type Collection,
  type CompileTarget,
  type Environment,
  type Window,
} from '@clientele/conditions'
import { fromTimestamp, toTimestamp, type Timestamp } from '@clientele/core'
import type { SelectQueryBuilder } from 'kysely'
import {
  FIRST_INSTANT,
  instantOrNull,
  namedAmong,
  namesOf,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'

/** What of the events is read for an evaluator. */
export interface EventsRead {
  /** Nothing before the window's beginning is needed. @default all there are */
  readonly within?: Window | undefined
  readonly properties?: boolean
  /** So many of the last that have happened decide, beside those to come. @default all do */
  readonly latest?: number | undefined
}

/** To look for the latest is worth the while where they are few. */
const FEW = 100

/**
 * The events of these filters, oldest first; those of one instant in the order of their ids. Later ones than now too.
 * Readings of the same names are one, back to the earliest event that any of them needs.
 */
export function eventsRead(
  filters: readonly EventFilter[],
  { within, properties = filters.some(({ where = [] }) => where.length > 0), latest }: EventsRead = {},
): Collection<EventFact> {
  const what = { names: [...new Set(filters.flatMap(namesOf))].toSorted(), properties }
  const brief = latest !== undefined && latest <= FEW && new EventReading({ ...what, windows: [], latest })
  return new EventReading({ ...what, windows: [within], latest: 0 }, brief || undefined)
}

/** The events that lie in one of the windows or later, and before them the latest of those that have happened. */
interface Reading {
  readonly names: readonly string[]
  readonly properties: boolean
  readonly windows: readonly (Window | undefined)[]
  readonly latest: number
}

class EventReading implements Collection<EventFact> {
  readonly key: string
  readonly brief?: EventReading
  readonly most?: number
  readonly #reading: Reading

  constructor(reading: Reading, brief?: EventReading) {
    this.#reading = reading
    this.key = `events ${JSON.stringify([reading.names, reading.properties])}`
    if (reading.windows.length === 0) this.most = reading.latest
    if (brief) this.brief = brief
  }

  and(other: EventReading): EventReading {
    const [own, others] = [this.#reading, other.#reading]
    return new EventReading({
      ...own,
      windows: [...own.windows, ...others.windows],
      latest: Math.max(own.latest, others.latest),
    })
  }

  async load(
    target: CompileTarget,
    customerIds: readonly string[],
    environment: Environment,
  ): Promise<ReadonlyMap<string, readonly EventFact[]>> {
    let query = target.db
      .selectFrom(this.#beginnings(target, customerIds, environment).as('begin'))
      // In this order, which SQLite keeps to: few customers, and of each the end of what an index holds.
      .crossJoin('events')
      .select(['events.customerId', 'events.name', 'events.occurredAt'])
      .whereRef('events.customerId', '=', 'begin.id')
      .whereRef('events.occurredAt', '>=', 'begin.at')
      .where(namedAmong(this.#reading.names, 'events'))
      .orderBy('events.customerId')
      .orderBy('events.occurredAt')
    // Of a brief reading nobody asks which event it was.
    if (this.#reading.windows.length > 0) query = query.select('events.id').orderBy('events.id')
    if (this.#reading.properties) query = query.select('events.properties')
    const byCustomer = new Map<string, EventFact[]>()
    for (const { customerId, occurredAt, ...row } of await query.execute()) {
      const fact = { ...row, at: fromTimestamp(occurredAt as Timestamp) } as unknown as EventFact
      const known = byCustomer.get(customerId as string)
      if (known) known.push(fact)
      else byCustomer.set(customerId as string, [fact])
    }
    return byCustomer
  }

  /** For each customer the instant before which nothing is needed. */
  #beginnings({ db, sql }: CompileTarget, customerIds: readonly string[], environment: Environment): Query {
    const { windows, latest, names } = this.#reading
    const from = Math.min(...windows.map((window) => boundsOf(window, environment).from))
    const start = instantOrNull(from)
    const first = sql.value('timestamp', FIRST_INSTANT)
    const customers = db
      .selectFrom('customers')
      .select('customers.id')
      .where((of) => sql.anyOf(of.ref('customers.id'), 'uuid', customerIds))
      // Looked up once a customer, not once an event: PostgreSQL leaves a limit where it stands.
      .limit(customerIds.length)
    if (start === null) return customers.select(sql.as(first, 'timestamp', 'at'))
    if (latest === 0) return customers.select(sql.as(sql.value('timestamp', start), 'timestamp', 'at'))
    const earlier = db
      .selectFrom('events')
      .select('events.occurredAt')
      .whereRef('events.customerId', '=', 'customers.id')
      .where('events.occurredAt', '<', toTimestamp(Math.min(from, environment.now + 1)))
      .where(namedAmong(names, 'events'))
      .orderBy('events.occurredAt', 'desc')
      .offset(latest - 1)
      .limit(1)
    return customers.select((of) => of.fn.coalesce(earlier, first).as('at'))
  }
}

// `any`: tables are known only at run time.
type Query = SelectQueryBuilder<any, any, any>
