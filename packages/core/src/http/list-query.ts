import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type * as z from 'zod'
import type { AnyEntity } from '../entity/entity.ts'

/** What a filter compares by; `eq` is left out in a query string: `?status=active`. */
export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'contains'
  | 'startsWith'
  | 'isNull'

/** One condition of a list: `?createdAt.gte=2026-01-01T00:00:00Z`. */
export interface ListFilter {
  /** The field as written: `status`, `metrics.totalSpend`. */
  readonly field: string
  readonly operator: FilterOperator
  /** Parsed by the column's schema; an array for `in`, a boolean for `isNull`. */
  readonly value: unknown
}

/** One column of the order. */
export interface ListSort {
  readonly field: string
  readonly direction: 'asc' | 'desc'
}

/**
 * A parsed list request. Text form: `?status=active&createdAt.gte=…&name.contains=an&sort=-createdAt,name&q=…&limit=50`
 * with `cursor=` or `skip=`, and `count=exact|estimate` for a total.
 */
export interface ListQuery {
  readonly filters: readonly ListFilter[]
  /** Always ends in `id`. Default: newest first. */
  readonly sort: readonly ListSort[]
  /** 1 to 200. @default 50 */
  readonly limit: number
  readonly cursor?: string
  readonly skip?: number
  /** Words that the searchable columns of a row must have together, the last as a beginning. */
  readonly q?: string
  readonly count?: 'exact' | 'estimate'
  /** Extensions whose columns the items carry, as an object under the extension's name. */
  readonly include?: readonly AnyEntity[]
  /**
   * A further condition, which no query string can say. It names columns with their table, the entity's or that of
   * an extension in `include`: `eb('productStock.quantity', '<', 5)`.
   */
  // `any`: the tables are those of whatever entity is listed.
  readonly where?: (eb: ExpressionBuilder<any, any>) => Expression<SqlBool>
}

/** One page of a list. `total` is there only when it was asked for. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Pass as `cursor` for the next page; null on the last one. */
  readonly nextCursor: string | null
  readonly total?: number
  /** There when `total` is only a lower bound: an estimate does not count beyond it. */
  readonly totalAtLeast?: boolean
}

/** A zod schema for the query string of a list, with what OpenAPI and typed callers need. */
export interface ListQuerySchema<Extra = unknown> extends z.ZodType<
  ListQuery & Extra,
  ListQueryInput & Partial<Extra>
> {
  readonly list: {
    readonly entity: AnyEntity
    readonly extensions: readonly AnyEntity[]
    /** Parameters beside the filters. */
    readonly extra?: z.ZodObject
    /** False: all rows are meant, and the parameters of paging and counting are refused. @default true */
    readonly paged?: boolean
  }
}

/** What a typed caller writes: the same names as in the query string. */
export type ListQueryInput = {
  readonly limit?: number | string
  readonly cursor?: string
  readonly skip?: number | string
  readonly sort?: string
  readonly q?: string
  readonly count?: 'exact' | 'estimate'
} & { readonly [field: string]: string | number | boolean | readonly string[] | undefined }
