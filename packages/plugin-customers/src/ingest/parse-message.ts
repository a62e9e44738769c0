import type { Timestamp } from '@clientele/core'
import { toTimestamp } from '@clientele/core'
import type { EventType } from '../event/event-type.ts'
import type { Identifier } from '../identity/identity-rules.ts'
import type { ReadPhone } from '../customer/phone.ts'
import { flawOf } from './flaw.ts'
import type { JsonObject, Message } from './message.ts'
import { normalEmail } from './normal-contact.ts'
import { countryIn } from './profile.ts'

/** Why an event was not taken; its neighbours are. */
export interface Rejection {
  readonly code: string
  readonly message: string
}

/** What is known of an event besides itself. */
export interface Arrival {
  readonly receivedAt: Timestamp
  /** When the client says it sent the batch, for events that do not say it themselves. */
  readonly sentAt?: unknown
  /** The type that the path says; it is believed before the event. */
  readonly type?: EventType
  /** For events without an id of their own. */
  readonly newId: () => string
  /** Reads the telephone number in traits. */
  readonly readPhone: ReadPhone
}

const TYPES: ReadonlySet<string> = new Set(['track', 'page', 'screen', 'identify', 'group', 'alias'])

/** How far ahead of our clock an event may be; beyond that its time says nothing. */
const FUTURE_MS = 24 * 60 * 60 * 1000

/** Reads one event of the Segment specification. What does not fit is said by name, and nothing throws. */
export function parseMessage(raw: unknown, arrival: Arrival): Message | Rejection {
  const flaw = flawOf(raw)
  if (flaw) return flaw
  const event = raw as JsonObject
  const type = arrival.type ?? event['type']
  if (typeof type !== 'string' || !TYPES.has(type)) {
    return rejection('type', 'type must be one of track, page, screen, identify, group and alias')
  }
  const name = nameOf(type as EventType, event)
  if (typeof name !== 'string') return name
  const messageId = idOf(event['messageId'], 255) ?? (isMissing(event['messageId']) ? arrival.newId() : null)
  if (messageId === null) return rejection('messageId', 'messageId must be a text of 1 to 255 characters')
  const time = timeOf(event, arrival)
  if (typeof time !== 'string') return time
  const identifiers = identifiersOf(type as EventType, event, arrival.readPhone)
  if (!Array.isArray(identifiers)) return identifiers
  return {
    type: type as EventType,
    messageId,
    name,
    identifiers,
    traits:
      type === 'identify'
        ? { ...objectOf(objectOf(event['context'])['traits']), ...objectOf(event['traits']) }
        : {},
    properties: propertiesOf(type as EventType, event),
    context: objectOf(event['context']),
    occurredAt: time,
  }
}

/** True for what {@link parseMessage} could not take. */
export function isRejection(result: Message | Rejection): result is Rejection {
  return 'code' in result
}

/** The sets of traits that whatever was sent carries. */
export function traitsOf(raw: unknown): readonly JsonObject[] {
  const event = objectOf(raw)
  return [objectOf(event['traits']), objectOf(objectOf(event['context'])['traits'])]
}

function rejection(field: string, message: string): Rejection {
  return { code: `invalid_${field}`, message }
}

function nameOf(type: EventType, event: JsonObject): string | Rejection {
  if (type === 'track') {
    const name = typeof event['event'] === 'string' ? event['event'].trim() : ''
    if (name.length >= 1 && name.length <= 200) return name
    return rejection('event', 'event must be a text of 1 to 200 characters: what was done')
  }
  if (type !== 'page' && type !== 'screen') return type
  const { name, category } = { ...objectOf(event['properties']), ...event } as {
    name?: unknown
    category?: unknown
  }
  const given = [name, category].find((one) => typeof one === 'string' && one.trim() !== '') as
    | string
    | undefined
  return (given ?? type).trim().slice(0, 200)
}

/**
 * When it happened, on our clock: a client whose clock is off by some time is off by it in `sentAt` too. A time more
 * than a day ahead of us says nothing, so the event gets the one it arrived at.
 */
function timeOf(event: JsonObject, { receivedAt, sentAt }: Arrival): Timestamp | Rejection {
  const given = event['originalTimestamp'] ?? event['timestamp']
  if (isMissing(given)) return receivedAt
  const happened = instantOf(given)
  if (Number.isNaN(happened)) return rejection('timestamp', 'timestamp must be an ISO 8601 date and time')
  const sent = instantOf(event['sentAt'] ?? sentAt)
  const received = Date.parse(receivedAt)
  const corrected = Number.isNaN(sent) ? happened : received - (sent - happened)
  if (corrected > received + FUTURE_MS) return receivedAt
  return corrected < 0 ? toTimestamp(Math.max(corrected, EARLIEST)) : toTimestamp(corrected)
}

/** What both databases hold: the year 1. */
const EARLIEST = -62_135_596_800_000

function instantOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN
}

function identifiersOf(type: EventType, event: JsonObject, readPhone: ReadPhone): Identifier[] | Rejection {
  const identifiers: Identifier[] = []
  for (const name of ['userId', 'anonymousId'] as const) {
    if (isMissing(event[name]) || event[name] === '') continue
    const value = idOf(event[name], 500)
    if (value === null) return rejection(name, `${name} must be a text of 1 to 500 characters`)
    identifiers.push({ type: name, value })
  }
  if (type === 'alias') {
    const value = idOf(event['previousId'], 500)
    if (value === null) return rejection('previousId', 'previousId must be a text of 1 to 500 characters')
    if (!identifiers.some((one) => one.value === value)) identifiers.push({ type: 'anonymousId', value })
  }
  identifiers.push(...contactsOf(type, event, readPhone), ...externalIdsOf(event))
  if (identifiers.length === 0) {
    return { code: 'no_identity', message: 'userId or anonymousId must say whom the event is about' }
  }
  return identifiers
}

function contactsOf(type: EventType, event: JsonObject, readPhone: ReadPhone): Identifier[] {
  const traits = {
    ...objectOf(objectOf(event['context'])['traits']),
    ...(type === 'identify' ? objectOf(event['traits']) : {}),
  }
  const email = normalEmail(traits['email'])
  const given: unknown = traits['phone']
  const phone = typeof given === 'string' ? readPhone(given, countryIn(traits)) : null
  return [
    ...(email ? [{ type: 'email', value: email }] : []),
    ...(phone ? [{ type: 'phone', value: phone }] : []),
  ]
}

/** `context.externalIds` of the Segment specification: identifiers of kinds of the shop's own. */
function externalIdsOf(event: JsonObject): Identifier[] {
  const given = objectOf(event['context'])['externalIds']
  if (!Array.isArray(given)) return []
  return given.slice(0, 20).flatMap((one: unknown): Identifier[] => {
    const { id, type } = objectOf(one) as { id?: unknown; type?: unknown }
    const value = idOf(id, 500)
    return value !== null && typeof type === 'string' && /^[\w.-]{1,50}$/.test(type) ? [{ type, value }] : []
  })
}

function propertiesOf(type: EventType, event: JsonObject): JsonObject {
  if (type === 'identify') return {}
  if (type === 'alias') return { previousId: event['previousId'] }
  if (type === 'group') return { groupId: event['groupId'] ?? null, traits: objectOf(event['traits']) }
  return objectOf(event['properties'])
}

/** Numbers are taken as text: many programs count their users. */
function idOf(value: unknown, longest: number): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') return null
  const trimmed = text.trim()
  return trimmed.length >= 1 && trimmed.length <= longest ? trimmed : null
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
