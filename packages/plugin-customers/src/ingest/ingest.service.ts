import { defineService, isClienteleError, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import type { EventType } from '../event/event-type.ts'
import { CustomerEvents } from '../event/event.service.ts'
import { sourceOf } from '../source/find-source.ts'
import { Source } from '../source/source.entity.ts'
import { Declarations } from '../declaration/declarations.ts'
import { Gatherer } from './gather.ts'
import type { Message, MessageOutcome } from './message.ts'
import { isRejection, parseMessage, traitsOf, type Arrival, type Rejection } from './parse-message.ts'
import { phonesOf } from './phones.ts'
import { RejectedEvent } from './rejected-event.entity.ts'
import { undeclared } from './undeclared.ts'

/** Events as a client sends them. */
export interface IncomingEvents {
  /** Of the Segment specification; each is judged by itself. */
  readonly events: readonly unknown[]
  /** When the client says it sent them. */
  readonly sentAt?: unknown
  /** The type of all of them, when the path says it. */
  readonly type?: EventType
  readonly sourceId: string | null
}

/** What became of them: the three together are all that were sent. */
export interface IngestResult {
  readonly accepted: number
  /** Known already by their `messageId`. */
  readonly duplicate: number
  readonly rejected: readonly ({ readonly index: number } & Rejection)[]
}

/** Takes events from clients. */
export interface IngestService {
  /**
   * Takes events in one transaction and in their order. A rejected one is kept with its reason, and its neighbours are
   * not held up by it.
   * @throws `customers.batch_too_large`, `customers.overloaded`
   */
  ingest(ctx: Ctx, incoming: IncomingEvents): Promise<IngestResult>
  /**
   * Sends a rejected event again, as it is or mended.
   * @throws `entity.not_found`, `customers.still_rejected`
   */
  replay(ctx: Ctx, id: string, mended?: unknown): Promise<IngestResult>
  /** Resolves when all events that were sent until now are answered for. */
  idle(): Promise<void>
}

export const Ingest = defineService<IngestService>('customers.ingest')

/** Events in one batch. */
const MOST_EVENTS = 1000
/** Requests that wait for the database at once, batches and those of few events; more would only wait in memory. */
const MOST_WAITING = { batches: 64, events: 1000 } as const
/** Events of a request that shares its transaction with others of its source. */
const FEW = 10
/** Requests that share a transaction. */
const MOST_TOGETHER = 50
/** How long others of a source wait for a transaction that is held up, as by the lock of a customer. */
const PATIENCE_MS = 200
/** How often a batch that loses races is tried; each try is up to three transactions. */
const RACES = 5
/** How often a source is marked as seen. */
const SEEN_EVERY_MS = 60_000

export function createIngestService(): IngestService {
  const running = { batches: 0, events: 0 }
  const gatherers: Gatherers = new Map()
  const answers = new Set<Promise<IngestResult>>()
  const ingest: IngestService['ingest'] = async (ctx, incoming) => {
    const { length } = incoming.events
    if (length > MOST_EVENTS)
      throw customersErrors['customers.batch_too_large']({ length, limit: MOST_EVENTS })
    const kind = length <= FEW && isOfSource(ctx, incoming) ? 'events' : 'batches'
    if (running[kind] >= MOST_WAITING[kind])
      throw customersErrors['customers.overloaded']({ waiting: running[kind] })
    running[kind]++
    const answer = kind === 'events' ? takeWithOthers(ctx, incoming, gatherers) : takeAlone(ctx, incoming)
    answers.add(answer)
    try {
      return await answer
    } finally {
      answers.delete(answer)
      running[kind]--
    }
  }
  return {
    ingest,
    replay: (ctx, id, mended) => replay(ctx, id, mended),
    async idle() {
      await Promise.allSettled(answers)
    },
  }
}

/**
 * What a source sends by itself: nobody has to be remembered as the one who did it. Code of the same process stands for
 * itself, and in a transaction of the caller's there is nothing to share.
 */
function isOfSource(ctx: Ctx, { sourceId }: IncomingEvents): boolean {
  return sourceId !== null && sourceOf(ctx.actor) === sourceId && !('enqueue' in ctx)
}

/**
 * Requests of one source that come at once share a transaction: the commit is what is dear about a single event. All of
 * a request is in it, and a request that fails fails alone.
 */
function takeWithOthers(ctx: Ctx, incoming: IncomingEvents, gatherers: Gatherers): Promise<IngestResult> {
  const key = JSON.stringify([ctx.tenantId, ctx.origin, incoming.sourceId])
  const gatherer =
    gatherers.get(key) ??
    new Gatherer(takeGroup, {
      most: MOST_TOGETHER,
      patienceMs: PATIENCE_MS,
      isForAll: isAboutDatabase,
      done: () => gatherers.delete(key),
    })
  gatherers.set(key, gatherer)
  return gatherer.add({ ctx, incoming })
}

/** It was waited for already, or it is away: each alone would wait for it again. */
function isAboutDatabase(error: unknown): boolean {
  return isClienteleError(error) && (error.code === 'storage.busy' || error.code === 'storage.unavailable')
}

type Gatherers = Map<string, Gatherer<Request, IngestResult>>

interface Request {
  readonly ctx: Ctx
  readonly incoming: IncomingEvents
}

function takeGroup(group: readonly Request[]): Promise<readonly IngestResult[]> {
  // Whoever has gone away takes nobody along.
  const { ctx } = group.find((one) => !one.ctx.signal.aborted) ?? group[0]!
  return takeAll(
    ctx,
    group.map(({ incoming }) => incoming),
  )
}

async function takeAlone(ctx: Ctx, incoming: IncomingEvents): Promise<IngestResult> {
  return (await takeAll(ctx, [incoming]))[0]!
}

function takeAll(ctx: Ctx, group: readonly IncomingEvents[]): Promise<readonly IngestResult[]> {
  return untilUnraced(() => ctx.tx((t) => take(t, group)))
}

/** Batches that meet the same strangers at once lose races to each other more often than a transaction runs again. */
async function untilUnraced<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isRace = isClienteleError(error) && error.code === 'entity.conflict'
      if (!isRace || attempt === RACES) throw error
    }
  }
}

interface Read {
  readonly index: number
  readonly raw: unknown
  readonly result: Message | Rejection
}

/** Takes the events of requests of one source, one after the other, and answers each request. */
async function take(
  t: Tx<CustomersTables>,
  group: readonly IncomingEvents[],
): Promise<readonly IngestResult[]> {
  const receivedAt = t.now()
  const sourceId = group[0]!.sourceId
  const readPhone = await phonesOf(
    t,
    group.flatMap(({ events }) => events.flatMap(traitsOf)),
  )
  const requests = group.map(({ events, sentAt, type }) => {
    const arrival = { receivedAt, newId: () => t.newId(), sentAt, readPhone, ...(type ? { type } : {}) }
    return events.map((raw, index): Read => ({ index, raw, result: judged(t, raw, arrival) }))
  })
  const sound = requests.flat().flatMap(({ result }) => (isRejection(result) ? [] : [result]))
  const outcomes = await t.get(CustomerEvents).append(t, sound, { sourceId, receivedAt })
  const outcomeOf = new Map(sound.map((message, place) => [message, outcomes[place]!]))
  const answers = requests.map((read) => answerOf(read, outcomeOf))
  await keep(
    t,
    answers.flatMap(({ rejected }) => rejected),
    { sourceId, receivedAt },
  )
  if (sourceId !== null) await markSeen(t, sourceId)
  return answers.map(({ rejected, ...counts }) => ({
    ...counts,
    rejected: rejected.map(({ index, code, message }) => ({ index, code, message })),
  }))
}

type Rejected = Rejection & { readonly index: number; readonly raw: unknown }

function answerOf(
  read: readonly Read[],
  outcomeOf: ReadonlyMap<Message, MessageOutcome>,
): Omit<IngestResult, 'rejected'> & { readonly rejected: readonly Rejected[] } {
  const counts = { accepted: 0, duplicate: 0 }
  const rejected: Rejected[] = []
  for (const { index, raw, result } of read) {
    const kind = isRejection(result) ? null : outcomeOf.get(result)!.kind
    if (kind === 'accepted' || kind === 'duplicate') counts[kind]++
    else rejected.push({ index, raw, ...(isRejection(result) ? result : NOBODY) })
  }
  return { ...counts, rejected }
}

/** Sound, and as it is declared. */
function judged(ctx: Ctx, raw: unknown, arrival: Arrival): Message | Rejection {
  const message = parseMessage(raw, arrival)
  return isRejection(message) ? message : (undeclared(ctx.get(Declarations), message) ?? message)
}

const NOBODY: Rejection = {
  code: 'blocked_identity',
  message: 'every identifier of the event is one that stands for nobody, such as "null" or "0000"',
}

async function keep(
  t: Tx,
  rejected: readonly ({ readonly raw: unknown } & Rejection)[],
  origin: { readonly sourceId: string | null; readonly receivedAt: Timestamp },
): Promise<void> {
  if (rejected.length === 0) return
  const rows = rejected.map(({ raw, code, message }) => ({
    ...{ ...origin, code, message: message.toWellFormed(), payload: textOf(raw) },
  }))
  await t.repo(RejectedEvent).insertMany(rows)
}

/** JSON writes half a surrogate pair and a NUL as escapes, so the text itself is always sound. */
function textOf(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? 'null'
  } catch {
    // What nests thousands of levels deep breaks the serialiser; its neighbours are not to suffer.
    return JSON.stringify('nested too deep to be kept')
  }
}

async function markSeen(t: Tx<CustomersTables>, id: string): Promise<void> {
  const now = Date.parse(t.now())
  const source = await t.db.selectFrom('sources').select('lastSeenAt').where('id', '=', id).executeTakeFirst()
  if (!source || (source.lastSeenAt && Date.parse(source.lastSeenAt) > now - SEEN_EVERY_MS)) return
  await t.projection('when a source was last heard of; its version is for people’s changes', (db) =>
    db.updateTable(Source.name).set({ lastSeenAt: t.now() }).where('id', '=', id).execute(),
  )
}

async function replay(ctx: Ctx<CustomersTables>, id: string, mended: unknown): Promise<IngestResult> {
  return ctx.tx(async (t) => {
    const { payload, sourceId } = await t.repo(RejectedEvent).get(id)
    const event: unknown = mended === undefined ? JSON.parse(payload) : mended
    // Its own id stands for the one it lacks, so that a second replay is a duplicate.
    const readPhone = await phonesOf(t, traitsOf(event))
    const arrival = { receivedAt: t.now(), newId: () => id, readPhone }
    const message = judged(t, event, arrival)
    if (isRejection(message)) throw customersErrors['customers.still_rejected']({ id, ...message })
    const [outcome] = await t.get(CustomerEvents).append(t, [message], { sourceId, receivedAt: t.now() })
    if (outcome?.kind === 'nobody') throw customersErrors['customers.still_rejected']({ id, ...NOBODY })
    await t.repo(RejectedEvent).patch(id, { state: 'replayed' })
    const isNew = outcome?.kind === 'accepted'
    return { accepted: isNew ? 1 : 0, duplicate: isNew ? 0 : 1, rejected: [] }
  })
}
