import * as z from 'zod'
import type { Actor } from '../context/actor.ts'
import type { Ctx, Origin, Tx } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'

declare const payloadType: unique symbol

// `any`: events of unrelated payloads stand in one list, and an old payload has the type it once had.
/** Something code announces to other code: `orders.paid`. What a customer did is a customer event, a row. */
export interface DomainEvent<P = any> {
  readonly $$type: 'clientele/domain-event'
  /** `plugin.past-tense`: `orders.paid`. */
  readonly name: string
  /** Grows when the payload changes shape; queued old payloads are lifted by `upcast`. */
  readonly version: number
  readonly schema: z.ZodType<P>
  readonly upcast: Readonly<Record<number, (payload: any) => unknown>>
  readonly [payloadType]?: P
}

/** A domain event as handlers see it. */
export interface EventEnvelope<P> {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly tenantId: string
  readonly occurredAt: Timestamp
  readonly recordedAt: Timestamp
  readonly actor: Pick<Actor, 'kind' | 'id'>
  readonly origin: Origin
  /** The same for everything one request led to. */
  readonly correlationId: string
  /** The event or job this one followed from. */
  readonly causationId: string | null
  /** How many events led here; more than 16 is refused as a loop. */
  readonly depth: number
  readonly payload: P
}

/**
 * Declares a domain event; `upcast` lifts a payload of an older version by one.
 *
 * @example
 * export const OrderPaid = defineDomainEvent('orders.paid', z.object({ orderId: uuidSchema }))
 */
export function defineDomainEvent<S extends z.ZodType>(
  name: string,
  schema: S,
  options: { readonly version?: number; readonly upcast?: DomainEvent['upcast'] } = {},
): DomainEvent<z.output<S>> {
  return {
    $$type: 'clientele/domain-event',
    name,
    version: options.version ?? 1,
    schema: schema as unknown as z.ZodType<z.output<S>>,
    upcast: options.upcast ?? {},
  }
}

/**
 * Stands for every domain event of the composition, in `within` and `after`: for what passes events on, such as
 * webhooks. Such handlers come after those of the event itself. It cannot be announced.
 *
 * @example
 * handlers: [within(AnyEvent, 'log.all', async (event, t) => t.log.info({ name: event.name }, 'happened'))]
 */
export const AnyEvent: DomainEvent<unknown> = defineDomainEvent('*', z.unknown())

/** A handler of a domain event, registered by a plugin. */
// `any`: handlers of unrelated payloads stand in one list; `within` and `after` tie each to its event's type.
export interface EventHandler {
  readonly $$type: 'clientele/event-handler'
  readonly event: DomainEvent
  /** Stable: it names the handler's jobs, so renaming makes a new subscriber. */
  readonly id: string
  readonly lane: 'within' | 'after'
  /** `outside` reaches beyond the database and skips imports and replays unless `origins` says otherwise. */
  readonly effect: 'inside' | 'outside'
  readonly origins: readonly Origin[]
  readonly handle: (event: EventEnvelope<any>, ctx: any) => Promise<void>
}

/** Runs in the announcing transaction; throwing vetoes it. Keep it short. */
export function within<P>(
  event: DomainEvent<P>,
  id: string,
  handle: (event: EventEnvelope<P>, t: Tx) => Promise<void>,
): EventHandler {
  return {
    ...base(event, id),
    lane: 'within',
    effect: 'inside',
    origins: ['live', 'import', 'replay'],
    handle,
  }
}

/** Runs as a job after the commit, at least once, retried alone. */
export function after<P>(
  event: DomainEvent<P>,
  id: string,
  options: {
    readonly effect: 'inside' | 'outside'
    /** @default all for inside effects, `['live']` for outside ones */
    readonly origins?: readonly Origin[]
  },
  handle: (event: EventEnvelope<P>, ctx: Ctx) => Promise<void>,
): EventHandler {
  const origins = options.origins ?? (options.effect === 'outside' ? ['live'] : ['live', 'import', 'replay'])
  return { ...base(event, id), lane: 'after', effect: options.effect, origins, handle }
}

function base(event: DomainEvent, id: string): Pick<EventHandler, '$$type' | 'event' | 'id'> {
  return { $$type: 'clientele/event-handler', event, id }
}
