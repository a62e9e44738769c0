import type { Runtime } from '../kernel/runtime.ts'
import type { Clock } from '../ports/clock.ts'
import { JobWatch } from './job-watch.ts'
import type { Journal, Position } from './journal.ts'
import { JOURNAL_KEPT_MS } from './keep-journal.ts'
import type { LiveReset } from './live-event.ts'
import { isAfter, LiveSession } from './live-session.ts'
import type { LiveTail } from './live-tail.ts'
import type { StreamOptions } from './live.types.ts'
import { helloText, jobText, OPENING, resetText } from './live-text.ts'

/** Rows read in one statement. */
const BATCH = 500
/** A client that missed more reads its rows again sooner than all that happened to them. */
const MOST_MISSED = 10_000
/** How long a stream that ends after what is there waits for transactions that hold something back: 5 s. */
const PAUSE_MS = 50
const MOST_PAUSES = 100

export interface StreamParts {
  readonly runtime: Runtime
  readonly journal: Journal
  readonly tail: LiveTail
}

/** The text of one client's stream. Nothing is read before it is asked for. */
export function liveStream(parts: StreamParts, options: StreamOptions): AsyncIterable<string> {
  return options.once ? replayed(parts, options) : followed(parts, options)
}

async function* followed(parts: StreamParts, options: StreamOptions): AsyncIterable<string> {
  const { tail, journal } = parts
  const start = await startOf(parts, options)
  const session = await tail.join((at) => {
    const made = new LiveSession(options, start.at ?? at)
    if (!start.at) made.follow()
    return made
  })
  if (!session) return
  const end = (): void => session.end()
  options.signal.addEventListener('abort', end, { once: true })
  if (options.signal.aborted) end()
  try {
    yield openingOf(session, start.reset)
    if (session.jobs) await tail.tellJobs(session)
    for (let missed = 0; !session.over;) {
      if (!session.behind) {
        missed = 0
        const text = await session.take()
        if (text !== '') yield text
        continue
      }
      // First it follows, then it reads: what is written meanwhile comes at least once, and is told once.
      session.follow()
      const rows = await journal.replay(session.tenantId, session.at, BATCH)
      if (session.over) return
      missed += rows?.length ?? 0
      if (!rows || missed > MOST_MISSED) {
        session.resetTo(tail.at, resetText(tail.at.id, rows ? 'behind' : 'purged'))
        continue
      }
      if (rows.length === BATCH) session.fallBehind()
      const text = session.textOf(rows)
      if (text !== '') yield text
    }
  } finally {
    options.signal.removeEventListener('abort', end)
    tail.leave(session)
  }
}

/** What is there, without waiting for more. */
async function* replayed(parts: StreamParts, options: StreamOptions): AsyncIterable<string> {
  const { journal, runtime } = parts
  const start = await startOf(parts, options)
  const head = await settledHead(journal, runtime.clock)
  const session = new LiveSession(options, start.at ?? head)
  yield openingOf(session, start.reset)
  for (let missed = 0; isAfter(head, session.at);) {
    const rows = await journal.replay(session.tenantId, session.at, BATCH)
    missed += rows?.length ?? 0
    if (!rows || missed > MOST_MISSED) {
      yield resetText(head.id, rows ? 'behind' : 'purged')
      break
    }
    const text = session.textOf(rows)
    if (text !== '') yield text
    if (rows.length < BATCH) break
  }
  const moved = session.movedOn()
  if (moved !== '') yield moved
  if (!options.jobs) return
  const watch = new JobWatch(runtime)
  for (const { job } of await watch.look([options.tenantId])) yield jobText(job)
}

/** The last row, once what is committed now can be told: whoever has just written expects to find it. */
async function settledHead(journal: Journal, clock: Clock): Promise<Position> {
  const latest = await journal.latest()
  for (let pauses = 0; ; pauses++) {
    const head = await journal.head()
    if (head.position >= latest || pauses === MOST_PAUSES) return head
    await clock.sleep(PAUSE_MS)
  }
}

interface Start {
  /** Behind this; undefined: behind the last row there is. */
  readonly at?: Position
  /** Why the client cannot go on where it was. */
  readonly reset?: LiveReset['reason']
}

async function startOf({ journal, runtime }: StreamParts, { after }: StreamOptions): Promise<Start> {
  if (after === undefined) return {}
  const at = UUID.test(after) ? await journal.find(after.toLowerCase()) : null
  if (at) return { at }
  const writtenAt = UUID.test(after) ? Number.parseInt(after.replace('-', '').slice(0, 12), 16) : Infinity
  return { reset: writtenAt < runtime.clock.now() - JOURNAL_KEPT_MS ? 'purged' : 'unknown' }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function openingOf(session: LiveSession, reset: LiveReset['reason'] | undefined): string {
  const { at, entities, jobs } = session
  const hello = helloText(at.id, { entities: [...entities], jobs })
  return `${OPENING}${hello}${reset === undefined ? '' : resetText(at.id, reset)}`
}
