import type { Timestamp } from '@clientele/core'
import type { EventType } from '../event/event-type.ts'
import type { Identifier } from '../identity/identity-rules.ts'

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** An event that has been read and found sound: what the rest of the plugin works on. */
export interface Message {
  readonly type: EventType
  /** Whoever repeats it is not heard twice. */
  readonly messageId: string
  /** Of a track: what was done; of a page or screen its name; else the type. */
  readonly name: string
  /** Whom it is about: any order, repeated or blocked ones allowed. */
  readonly identifiers: readonly Identifier[]
  /** A customer of ours, where code knows who it is; identifiers are not looked at then. */
  readonly customerId?: string
  /** What is now known of the person; empty when it says nothing. */
  readonly traits: JsonObject
  readonly properties: JsonObject
  readonly context: JsonObject
  /** On our clock. */
  readonly occurredAt: Timestamp
}

/** What became of a message. */
export type MessageOutcome =
  | { readonly kind: 'accepted'; readonly eventId: string; readonly customerId: string }
  | { readonly kind: 'duplicate' }
  /** It names nobody: every identifier is blocked or missing. */
  | { readonly kind: 'nobody' }
