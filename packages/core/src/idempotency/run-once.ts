import type { Ctx, Tx } from '../context/context.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import type { HttpResponse } from '../http/request.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { fromTimestamp } from '../ports/clock.ts'
import { fingerprintOf, hashKey, requireKey } from './idempotency-key.ts'
import { idempotencyErrors } from './idempotency.errors.ts'
import type { IdempotencyOptions } from './idempotency.options.ts'
import { keepAnswer, repeatAnswer } from './kept-answer.ts'
import { KeyRows, type Held, type KeyRow } from './key-rows.ts'

/** A request that came with a key. */
export interface KeyedRequest {
  /** The header as it was sent. */
  readonly given: string
  readonly routeId: string
  readonly params: readonly string[]
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: unknown
  readonly ctx: Ctx
  /** Does it; the transaction is its whole context, because its effect must commit with the answer or not at all. */
  readonly run: (t: Tx) => Promise<HttpResponse>
}

const KEEP_MS = 72 * 3_600_000
const LOCK_MS = 10_000

/**
 * Carries a request out once, however often it is sent.
 *
 * The key is claimed in a short transaction of its own. Then the handler runs inside one transaction, into which the
 * answer is written too, if the claim still holds: effect and answer are there together or not at all. A failure lets
 * the key go. A process that dies leaves a claim that another takes over when its lock has ended.
 *
 * @throws `http.invalid_request`, `http.idempotency_in_flight`, `http.idempotency_mismatch`,
 * `http.idempotency_unsupported`, `http.idempotency_answer_not_kept`, and what the handler throws
 */
export async function runOnce(
  runtime: Runtime,
  { keepMs = KEEP_MS, lockMs = LOCK_MS }: IdempotencyOptions,
  request: KeyedRequest,
): Promise<HttpResponse> {
  const { ctx, routeId, params } = request
  const { tenantId } = ctx
  const key = hashKey(requireKey(request.given), { actor: ctx.actor, routeId, params })
  const fingerprint = fingerprintOf(request)
  const rows = new KeyRows(runtime, tenantId)
  const find = (): Promise<KeyRow | undefined> =>
    runtime.storage.read({ tenantId }, (connection) => rows.find(connection, key))
  const known = await find()
  if (known && !isFree(runtime, known)) return repeat(runtime, request, known, fingerprint)

  const held: Held = { key, token: runtime.ids.next() }
  const isMine = await runtime.storage.write({ tenantId }, (connection) =>
    rows.claim(connection, { ...held, route: routeId, fingerprint, lockMs, keepMs }),
  )
  if (isMine) return runHeld(runtime, request, { rows, held, lockMs })
  const other = await find()
  if (other) return repeat(runtime, request, other, fingerprint)
  throw inFlight()
}

function isFree({ clock }: Runtime, { state, lockedUntil, expiresAt }: KeyRow): boolean {
  const now = clock.now()
  return fromTimestamp(expiresAt) <= now || (state === 'running' && fromTimestamp(lockedUntil) <= now)
}

function repeat({ keys }: Runtime, { ctx }: KeyedRequest, known: KeyRow, fingerprint: string): HttpResponse {
  if (known.fingerprint !== fingerprint)
    throw idempotencyErrors['http.idempotency_mismatch']({ header: 'idempotency-key' })
  if (known.state === 'running') throw inFlight()
  return repeatAnswer(keys, known.answer, ctx.requestId)
}

interface Claim {
  readonly rows: KeyRows
  readonly held: Held
  readonly lockMs: number
}

async function runHeld(runtime: Runtime, request: KeyedRequest, claim: Claim): Promise<HttpResponse> {
  const { ctx } = request
  const { rows, held } = claim
  const { tenantId } = ctx
  const over = new AbortController()
  // Where one transaction holds the only write lock nobody could take the key over meanwhile.
  if (runtime.storage.capabilities.concurrentWriters)
    keepLocked(runtime, tenantId, claim, over.signal).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'the lock of an idempotency key could not be put off'),
    )
  try {
    return await ctx.tx(async (t) => {
      const response = await request.run(t)
      // An answer that says no was not carried out: what it wrote goes with it.
      if (response.status >= 400) throw new Refused(response)
      const { connection } = t as InternalTx
      if (!(await rows.finish(connection, held, keepAnswer(runtime.keys, response)))) throw inFlight()
      return response
    })
  } catch (error) {
    await runtime.storage
      .write({ tenantId }, (connection) => rows.release(connection, held))
      // Its lock ends by itself.
      .catch((cause: unknown) => ctx.log.warn({ err: cause }, 'an idempotency key could not be let go'))
    if (error instanceof Refused) return error.response
    throw supported(ctx, request.routeId, error)
  } finally {
    over.abort()
  }
}

async function keepLocked(
  { clock, storage }: Runtime,
  tenantId: string,
  { rows, held, lockMs }: Claim,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(lockMs / 3, over).catch(() => {})
    if (over.aborted) return
    if (!(await storage.write({ tenantId }, (connection) => rows.extend(connection, held, lockMs)))) return
  }
}

/** Undoes the transaction of a handler that answered a refusal instead of throwing it. */
class Refused extends Error {
  readonly response: HttpResponse

  constructor(response: HttpResponse) {
    super('refused')
    this.response = response
  }
}

const NOT_IN_ONE_TRANSACTION: ReadonlySet<unknown> = new Set([
  'storage.outer_handle',
  'storage.savepoints_crossed',
  'limits.in_transaction',
])

/** A handler that cannot run inside one transaction is for its author to declare; the caller is told what to do. */
function supported(ctx: Ctx, route: string, error: unknown): unknown {
  if (!isClienteleError(error) || !NOT_IN_ONE_TRANSACTION.has(error.code)) return error
  ctx.log.warn(
    { route, err: error },
    "a route cannot run inside one transaction; give it idempotency: 'ignored'",
  )
  return idempotencyErrors['http.idempotency_unsupported'](
    { header: 'idempotency-key', reason: 'this path does more than one transaction can hold' },
    { cause: error },
  )
}

function inFlight(): Error {
  return idempotencyErrors['http.idempotency_in_flight']({ retryAfterSeconds: 1 })
}
