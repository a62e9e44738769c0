import { coreErrors } from '../errors/core.errors.ts'
import type { JobHandler } from '../job/job.ts'
import type { NewJob } from '../job/add-jobs.ts'
import type { Queue } from '../job/queue.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { AnyEvent, type DomainEvent, type EventEnvelope, type EventHandler } from './domain-event.ts'
import { anyEventJob, eventJob, eventJobName } from './event-job.ts'

/** Events that may lead to each other. */
const LONGEST_CHAIN = 16

/** Announces domain events and knows the jobs that handle them later. */
export interface Events {
  /**
   * Runs `within` handlers in plugin order, then adds a job for each `after` handler.
   * @throws `event.unknown`, `event.payload`, `event.loop`, and whatever a `within` handler vetoes with
   */
  emit<P>(t: InternalTx, event: DomainEvent<P>, payload: P): Promise<void>
  /** The jobs of `after` handlers, by name. */
  readonly jobs: ReadonlyMap<string, JobHandler>
}

export function createEvents(runtime: Runtime, queue: Queue): Events {
  const { registry } = runtime
  const forAny = registry.handlers.get(AnyEvent.name) ?? []
  const handlersOf = (event: DomainEvent, lane: EventHandler['lane']): readonly EventHandler[] =>
    [...(registry.handlers.get(event.name) ?? []), ...forAny].filter((handler) => handler.lane === lane)
  const jobs = [...registry.events.values()].flatMap((event) =>
    handlersOf(event, 'after').map((handler): [string, JobHandler] => [
      eventJobName(handler),
      handler.event === AnyEvent ? anyEventJob(handler, registry.events) : eventJob(handler, event),
    ]),
  )
  const jobsByName = new Map(jobs)

  return {
    jobs: jobsByName,
    async emit(t, event, payload) {
      const envelope = envelopeOf(runtime, t, event, payload)
      const concerned = (handler: EventHandler): boolean => handler.origins.includes(t.origin)
      const follows = { ...t.trace, causationId: envelope.id, depth: envelope.depth + 1 }
      for (const handler of handlersOf(event, 'within').filter(concerned)) {
        await handler.handle(envelope, t.withTrace(follows))
      }
      const later = handlersOf(event, 'after').filter(concerned)
      await queue.add(
        t,
        later.map((handler) => jobOf(handler, envelope, jobsByName.get(eventJobName(handler))!)),
      )
    },
  }
}

function envelopeOf<P>(runtime: Runtime, t: InternalTx, event: DomainEvent<P>, payload: P): EventEnvelope<P> {
  if (runtime.registry.events.get(event.name) !== event)
    throw coreErrors['event.unknown']({ event: event.name })
  const { correlationId, causationId, depth } = t.trace
  if (depth > LONGEST_CHAIN) throw coreErrors['event.loop']({ event: event.name, depth })
  const parsed = event.schema.safeParse(payload)
  if (!parsed.success) throw coreErrors['event.payload']({ event: event.name, issues: parsed.error.message })
  const at = t.now()
  return {
    id: runtime.ids.next(),
    name: event.name,
    version: event.version,
    tenantId: t.tenantId,
    occurredAt: at,
    recordedAt: at,
    actor: { kind: t.actor.kind, id: t.actor.id },
    origin: t.origin,
    correlationId,
    causationId,
    depth,
    payload: parsed.data,
  }
}

/** A fresh event has fresh ids, so its jobs need no dedupe key. */
function jobOf(handler: EventHandler, envelope: EventEnvelope<unknown>, { job }: JobHandler): NewJob {
  const { id, depth } = envelope
  return {
    name: job.name,
    input: envelope,
    attempts: job.options.attempts,
    causationId: id,
    depth: depth + 1,
    options: {},
  }
}
