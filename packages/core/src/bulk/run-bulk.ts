import { setImmediate } from 'node:timers/promises'
import type { Ctx, Tx } from '../context/context.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { ClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { isAnswer } from '../http/problem.ts'
import {
  RefusedOperation,
  type BulkAnswer,
  type BulkBody,
  type BulkOperation,
  type BulkResult,
} from './bulk.ts'
import { bulkErrors } from './bulk.errors.ts'

/**
 * Does the operations of a bulk request in their order, in one transaction. What stands alone is done in savepoints:
 * a refusal undoes itself only. An error of the server (5xx) is nobody's operation: it undoes and fails the request.
 */
export async function runBulk(ctx: Ctx, entity: AnyEntity, body: BulkBody): Promise<BulkAnswer> {
  const { operations, atomic } = body
  const refused = operations.flatMap((one, index) =>
    one instanceof RefusedOperation ? [refusal(one, index)] : [],
  )
  if (atomic && refused.length > 0) return answerOf(undone(operations, refused))
  try {
    const results = await ctx.tx(async (t) => {
      const done = [...refused]
      for (const run of runsOf(operations)) {
        done.push(...(await runTogether({ t, entity, atomic }, run)))
        // Others want the event loop, too.
        await setImmediate()
      }
      return done
    })
    return answerOf(results)
  } catch (error) {
    if (error instanceof AtomicFailure) return answerOf(undone(operations, [error.result]))
    throw error
  }
}

interface Placed {
  readonly index: number
  readonly operation: BulkOperation
}

/** Operations that may be done by one call. */
const MAX_RUN = 200

/** Neighbours of one kind, no row twice; what names a version is done alone. */
function runsOf(operations: BulkBody['operations']): readonly (readonly Placed[])[] {
  const runs: Placed[][] = []
  let ids = new Set<string>()
  operations.forEach((operation, index) => {
    if (operation instanceof RefusedOperation) return
    const last = runs.at(-1)
    const before = last?.at(-1)?.operation
    const id = 'id' in operation ? operation.id : undefined
    const fits =
      last &&
      before?.op === operation.op &&
      last.length < MAX_RUN &&
      !hasVersion(before) &&
      !hasVersion(operation)
    if (fits && (id === undefined || !ids.has(id))) last.push({ index, operation })
    else {
      runs.push([{ index, operation }])
      ids = new Set()
    }
    if (id !== undefined) ids.add(id)
  })
  return runs
}

function hasVersion(operation: BulkOperation): boolean {
  return 'version' in operation && operation.version !== undefined
}

interface Bulk {
  readonly t: Tx
  readonly entity: AnyEntity
  readonly atomic: boolean
}

/** All by one call; when that is refused, its halves, down to the one that is to blame. */
async function runTogether(bulk: Bulk, run: readonly Placed[]): Promise<readonly BulkResult[]> {
  try {
    return await bulk.t.tx((t) => perform(t.repo(bulk.entity), run))
  } catch (error) {
    if (!isAnswer(error) || error.status >= 500) throw error
    if (run.length > 1) {
      const middle = Math.ceil(run.length / 2)
      const first = await runTogether(bulk, run.slice(0, middle))
      return [...first, ...(await runTogether(bulk, run.slice(middle)))]
    }
    const result = failure(run[0]!, error)
    if (bulk.atomic) throw new AtomicFailure(result)
    return [result]
  }
}

// `any`: rows of whatever entity it is; the route's schema says what they are.
type AnyRepo = ReturnType<Tx['repo']>

async function perform(repo: AnyRepo, run: readonly Placed[]): Promise<readonly BulkResult[]> {
  const { op } = run[0]!.operation
  if (op === 'create') {
    const values = run.map(({ operation }) => (operation as BulkOperation & { op: 'create' }).values)
    const rows: readonly { readonly id: string }[] = await repo.insertMany(values)
    return run.map(({ index }, i) => ({ index, op, status: 201, id: rows[i]!.id, row: rows[i] as never }))
  }
  if (op === 'update') {
    const changes = run.map(({ operation }) => operation as BulkOperation & { op: 'update' })
    const [{ id, values, version }] = changes as [(typeof changes)[0]]
    const rows =
      version === undefined
        ? await repo.patchMany(changes.map((one) => ({ id: one.id, changes: one.values })))
        : [await repo.patch(id, values, { ifVersion: version })]
    return run.map(({ index }, i) => ({ index, op, status: 200, id: changes[i]!.id, row: rows[i] as never }))
  }
  const removals = run.map(({ operation }) => operation as BulkOperation & { op: 'remove' })
  const [{ id, version }] = removals as [(typeof removals)[0]]
  if (version === undefined) await repo.removeMany(removals.map((one) => one.id))
  else await repo.remove(id, { ifVersion: version })
  return run.map(({ index }, i) => ({ index, op, status: 204, id: removals[i]!.id }))
}

/** Ends the transaction of what was to be done as a whole. */
class AtomicFailure extends Error {
  readonly result: BulkResult

  constructor(result: BulkResult) {
    super('a bulk request is undone')
    this.result = result
  }
}

function failure({ index, operation }: Placed, error: ClienteleError): BulkResult {
  const { current, ...params } = error.params
  return {
    index,
    op: operation.op,
    status: error.status,
    ...('id' in operation ? { id: operation.id } : {}),
    error: {
      code: error.code,
      detail: error.message,
      params,
      ...(current === undefined ? {} : { current: current as never }),
    },
  }
}

/** The issues name the fields from the request's own body on. */
function refusal({ op, issues }: RefusedOperation, index: number): BulkResult {
  const from = `operations.${index}`
  const named = issues.map(({ path, message }) => ({ path: path === '' ? from : `${from}.${path}`, message }))
  const { status, code, message, params } = coreErrors['http.invalid_request']({
    part: 'body',
    issues: named,
  })
  return { index, op, status, error: { code, detail: message, params } }
}

/** What failed says why; the others that it was because of the first of those. */
function undone(operations: BulkBody['operations'], failed: readonly BulkResult[]): readonly BulkResult[] {
  const { code, message, status, params } = bulkErrors['bulk.undone']({ because: failed[0]!.index })
  const own = new Set(failed.map(({ index }) => index))
  const others = operations.flatMap((one, index): BulkResult[] =>
    own.has(index) ? [] : [{ index, op: one.op, status, error: { code, detail: message, params } }],
  )
  return [...failed, ...others]
}

function answerOf(results: readonly BulkResult[]): BulkAnswer {
  const failed = results.filter(({ error }) => error !== undefined).length
  return {
    succeeded: results.length - failed,
    failed,
    results: results.toSorted((a, b) => a.index - b.index),
  }
}
