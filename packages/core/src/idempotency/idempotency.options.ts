/** How requests with an `Idempotency-Key` are kept. */
export interface IdempotencyOptions {
  /** How long an answer is kept. Milliseconds. @default 72 hours */
  readonly keepMs?: number
  /**
   * How long a request that died keeps its key: until then a repetition is told to wait. While a request runs it is put
   * off again and again. Milliseconds. @default 10 seconds
   */
  readonly lockMs?: number
}
