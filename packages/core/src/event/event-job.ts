import * as z from 'zod'
import type { Ctx } from '../context/context.ts'
import { defineJob, handleJob, type JobHandler } from '../job/job.ts'
import type { DomainEvent, EventEnvelope, EventHandler } from './domain-event.ts'

/** Names of jobs that run `after` handlers: `event:<handler id>`. Names of plugins' own jobs have no colon. */
export const eventJobPrefix = 'event:'

export function eventJobName(handler: EventHandler): string {
  return eventJobPrefix + handler.id
}

/** The job by which an `after` handler runs; its input is the event as it was announced. */
export function eventJob(handler: EventHandler, event: DomainEvent): JobHandler {
  const job = defineJob(eventJobName(handler), z.unknown())
  return handleJob(job, (envelope, ctx: Ctx) =>
    handler.handle(lifted(event, envelope as EventEnvelope<unknown>), ctx),
  )
}

/** The job of an `after` handler of every event: the envelope says which one it is. */
export function anyEventJob(handler: EventHandler, events: ReadonlyMap<string, DomainEvent>): JobHandler {
  const job = defineJob(eventJobName(handler), z.unknown())
  return handleJob(job, (input, ctx: Ctx) => {
    const envelope = input as EventEnvelope<unknown>
    const event = events.get(envelope.name)
    if (!event) throw new TypeError(`"${envelope.name}" was announced by a process with other plugins`)
    return handler.handle(lifted(event, envelope), ctx)
  })
}

/** The event with its payload in today's shape: an older version may have been waiting. */
export function lifted(event: DomainEvent, envelope: EventEnvelope<unknown>): EventEnvelope<unknown> {
  if (envelope.version > event.version) {
    throw new TypeError(
      `"${event.name}" was announced in version ${envelope.version} by a newer process; this one knows ${event.version}`,
    )
  }
  let { payload } = envelope
  for (let version = envelope.version; version < event.version; version++) {
    const lift = event.upcast[version]
    if (!lift)
      throw new TypeError(`"${event.name}" in version ${version} cannot be read: add upcast[${version}]`)
    payload = lift(payload)
  }
  return { ...envelope, version: event.version, payload: event.schema.parse(payload) }
}
