import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'
import type { AnyEntity, InsertOf, PatchOf, RowOf } from '../entity/entity.ts'
import { issuesOf, type Issue } from '../http/issues.ts'

/** Operations of one bulk request at most. */
export const MAX_OPERATIONS = 1000

/** One thing of a bulk request. `version` is the one the caller saw. */
export type BulkOperation<E extends AnyEntity = AnyEntity> =
  | { readonly op: 'create'; readonly values: InsertOf<E> }
  | {
      readonly op: 'update'
      readonly id: string
      readonly values: PatchOf<E>
      readonly version?: number | undefined
    }
  | { readonly op: 'remove'; readonly id: string; readonly version?: number | undefined }

/** Up to 1,000 operations, done in their order. */
export interface BulkInput<E extends AnyEntity = AnyEntity> {
  readonly operations: readonly BulkOperation<E>[]
  /** All or none. @default false: each stands alone */
  readonly atomic?: boolean | undefined
}

/** What became of one operation. */
export interface BulkResult<E extends AnyEntity = AnyEntity> {
  /** Its place in the request, from 0. */
  readonly index: number
  /** Null when the request does not say. */
  readonly op: BulkOperation['op'] | null
  /** As the single route would answer: 201, 200, 204, or that of the error. */
  readonly status: number
  readonly id?: string | undefined
  /** After a create or an update. */
  readonly row?: RowOf<E> | undefined
  readonly error?: BulkError<E> | undefined
}

/** Why an operation was not done. */
export interface BulkError<E extends AnyEntity = AnyEntity> {
  readonly code: string
  readonly detail: string
  readonly params: Readonly<Record<string, unknown>>
  /** With 412: the row as it is now. */
  readonly current?: RowOf<E> | undefined
}

/** The results in the order of the operations. */
export interface BulkAnswer<E extends AnyEntity = AnyEntity> {
  readonly succeeded: number
  readonly failed: number
  readonly results: readonly BulkResult<E>[]
}

/** An operation that the entity's schemas refuse; it keeps none of the others from being done. */
export class RefusedOperation {
  readonly op: BulkOperation['op'] | null
  readonly issues: readonly Issue[]

  constructor(given: unknown, error: Parameters<typeof issuesOf>[0]) {
    const op = (given as { readonly op?: unknown } | null)?.op
    this.op = OPS.find((one) => one === op) ?? null
    this.issues = issuesOf(error)
  }
}

const OPS = ['create', 'update', 'remove'] as const

/** The body of a bulk request. Operations are described exactly, and refused one by one. */
export function bulkSchema(entity: AnyEntity): z.ZodType<BulkBody, BulkInput> {
  const version = z.int().min(1).optional().describe('The one you saw; 412 when the row has changed since')
  const operation = z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('create'), values: entity.insert }),
    z.strictObject({ op: z.literal('update'), id: uuidSchema, values: entity.patch, version }),
    z.strictObject({ op: z.literal('remove'), id: uuidSchema, version }),
  ])
  const schema = z.object({
    operations: z
      // Asked for its default, as the API's description does, there is none.
      .array(operation.catch((met) => (met && new RefusedOperation(met.value, met.error)) as never))
      .min(1)
      .max(MAX_OPERATIONS),
    atomic: z.boolean().default(false).describe('All or none; else each operation stands alone'),
  })
  return schema
}

/** A bulk request as the handler sees it. */
export interface BulkBody {
  readonly operations: readonly (BulkOperation | RefusedOperation)[]
  readonly atomic: boolean
}

/** The answer to a bulk request. */
export function bulkAnswerSchema(entity: AnyEntity): z.ZodType<BulkAnswer> {
  const error = z.object({
    code: z.string(),
    detail: z.string(),
    params: z.record(z.string(), z.unknown()),
    current: entity.row.optional().describe('With 412: the row as it is now'),
  })
  const result = z.object({
    index: z.int().describe('Of the operation, from 0'),
    op: z.enum(OPS).nullable().describe('Null when the request does not say'),
    status: z.int().describe('As the single route would answer'),
    id: uuidSchema.optional(),
    row: entity.row.optional().describe('After a create or an update'),
    error: error.optional(),
  })
  const answer = z.object({ succeeded: z.int(), failed: z.int(), results: z.array(result) })
  return answer
}
