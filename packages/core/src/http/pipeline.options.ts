import type { IdempotencyOptions } from '../idempotency/idempotency.options.ts'
import type { LimitsOptions } from '../limits/limits.options.ts'
import type { ObserveOptions } from '../observe/observe.options.ts'
import type { Authenticator } from './authenticator.ts'

/** What a host says about its API. */
export interface PipelineOptions {
  /** Tried before those that plugins contribute. */
  readonly authenticators?: readonly Authenticator[]
  /** Title and version in the API's documentation. */
  readonly api?: { readonly title?: string; readonly version?: string }
  /**
   * `validate` parses every answer through the route's schema and fails loudly (500, logged) when it does not fit;
   * `strip` only removes what the schema does not name, which is a tenth of the work.
   * @default 'strip' when NODE_ENV is `production`, else 'validate'
   */
  readonly responses?: 'validate' | 'strip'
  readonly observe?: ObserveOptions
  readonly idempotency?: IdempotencyOptions
  readonly limits?: LimitsOptions | false
  /**
   * False before the start has ended (migrations run in it) and from the stop on: routes and `/ready` answer 503.
   * @default always true
   */
  readonly isStarted?: () => boolean
}
