import type * as z from 'zod'
import type { ColumnType } from 'kysely'
import type { Tx } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { AnyColumns, Column } from './column.ts'
import { insertSchema, patchSchema, rowSchema } from './entity.schema.ts'

/** An index over several columns, or over some of the rows; single columns say `.index()` or `.unique()`. */
export interface IndexSpec<C = AnyColumns> {
  /** Columns in order; `tenantId` stands before them by itself. */
  readonly on: readonly ((keyof C & string) | 'id' | 'createdAt' | 'updatedAt')[]
  /** @default false */
  readonly unique?: boolean
  /** Only rows of which this holds: SQL over physical names, the same on every database. */
  readonly where?: string
}

/** What an entity is besides its columns. */
export interface EntityOptions<C = AnyColumns> {
  /**
   * `tenant`: every row belongs to one tenant. `global`: shared by all; say why, the schema test prints it.
   * @default 'tenant'
   */
  readonly tenancy?: 'tenant' | { readonly global: string }
  /** The column that names a row to a person. */
  readonly label?: keyof C & string
  /** What one row is called, in words: `person` for `people`. @default the name without its plural ending */
  readonly singular?: string
  /** Rows are a person's: references to it must say `onMerge` and `onErase`. @default false */
  readonly subject?: boolean
  /** Removing sets `deletedAt`; reads hide the row; `restore` undoes it for 30 days. @default false */
  readonly softDelete?: boolean
  /** Adds `source` and `externalId`, unique together: imports and connectors are idempotent by them. @default false */
  readonly importable?: boolean
  readonly indexes?: readonly IndexSpec<C>[]
  /**
   * Live updates tell of its writes. Say `false` for what is written by the thousand and read by nobody who waits:
   * events, ledgers. An entity without `crudRoutes` names the permission to read its rows, which whoever is told must
   * hold: `{ read: 'orders:read' }`.
   * @default true for a tenant entity with `crudRoutes`, else false
   */
  readonly live?: boolean | { readonly read: string }
  /**
   * Its changes are put on the record, where a trail is kept. Say `false` for what is written by the thousand, is derived
   * from other rows, or tells how far some work is.
   * @default true
   */
  readonly audited?: boolean
  /**
   * Its rows follow from others and nobody adds one: what it refers to may go for good, as when an import is undone,
   * and they go along. @default false
   */
  readonly derived?: boolean
  /**
   * Looks at values before they are written, whoever writes them (routes, imports, bulk, code): answers them as they
   * are to be stored, in their order, or throws.
   * @default as they are
   */
  readonly prepare?: PrepareValues
  /** What it is, for the API's documentation. */
  readonly description?: string
}

/** Values that are about to be written. */
export interface PreparedWrite {
  /** The row that is changed; null for a new one. */
  readonly id: string | null
  readonly values: Readonly<Record<string, unknown>>
}

/** See {@link EntityOptions.prepare}. Called once for many rows; what it answered before may come again. */
export type PrepareValues = (
  t: Tx,
  writes: readonly PreparedWrite[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** How an extension hangs on its base. */
export interface ExtensionSpec {
  readonly base: AnyEntity
  /** The name its columns carry in lists and filters: `metrics.totalSpend`. */
  readonly as: string
}

/**
 * A kind of row, declared once: table, typed queries, wire schemas and lists are derived from it.
 * Made by {@link defineEntity} and {@link extendEntity}.
 */
export interface Entity<
  N extends string = string,
  C extends AnyColumns = AnyColumns,
  O extends EntityOptions<any> = EntityOptions<any>,
> {
  readonly $$type: 'clientele/entity'
  /** camelCase plural; also the table's name in queries. */
  readonly name: N
  readonly columns: C
  readonly options: O
  readonly extension?: ExtensionSpec
  /** A row as the wire shows it: without secrets. */
  readonly row: z.ZodType<RowOf<Entity<N, C, O>>, RowOf<Entity<N, C, O>>>
  /** What an insert accepts on the wire; unknown fields are refused. */
  readonly insert: z.ZodType<InsertOf<Entity<N, C, O>>, InsertOf<Entity<N, C, O>>>
  /** What a patch accepts on the wire; unknown fields are refused. */
  readonly patch: z.ZodType<PatchOf<Entity<N, C, O>>, PatchOf<Entity<N, C, O>>>
}

// `any`: entities of unrelated columns are kept in one list; each is inferred where it is named.
export interface AnyEntity {
  readonly $$type: 'clientele/entity'
  readonly name: string
  readonly columns: AnyColumns
  readonly options: EntityOptions<any>
  readonly extension?: ExtensionSpec
  readonly row: z.ZodType<any, any>
  readonly insert: z.ZodType<any, any>
  readonly patch: z.ZodType<any, any>
}

type Flatten<T> = { [K in keyof T]: T[K] } & {}
type ColumnsOf<E> = E extends { readonly columns: infer C } ? C : never
type OptionsOf<E> = E extends { readonly options: infer O } ? O : never

interface BaseRow {
  readonly id: string
  /** Starts at 1, grows with every write; the ETag of the row. */
  readonly version: number
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}
type SoftDeleteRow<O> = O extends { readonly softDelete: true }
  ? { readonly deletedAt: Timestamp | null }
  : unknown
type ImportableRow<O> = O extends { readonly importable: true }
  ? { readonly source: string | null; readonly externalId: string | null }
  : unknown
type ImportableInsert<O> = O extends { readonly importable: true }
  ? { readonly source?: string | null | undefined; readonly externalId?: string | null | undefined }
  : unknown

type NotSecret<C, K extends keyof C> = C[K] extends Column<any, any, any, 'secret'> ? never : K
type IsOptional<C, K extends keyof C> = C[K] extends Column<any, any, true, any> ? K : never
type IsRequired<C, K extends keyof C> = C[K] extends Column<any, any, true, any> ? never : K
type OutOf<X> = X extends Column<infer Out, any, any, any> ? Out : never
type InOf<X> = X extends Column<any, infer In, any, any> ? In : never

/** The row type of an entity, as `t.repo` and the wire give it. */
export type RowOf<E> = Flatten<
  BaseRow & {
    readonly [K in keyof ColumnsOf<E> as NotSecret<ColumnsOf<E>, K>]: OutOf<ColumnsOf<E>[K]>
  } & SoftDeleteRow<OptionsOf<E>> &
    ImportableRow<OptionsOf<E>>
>

/** What `t.repo(E).insert` takes. `id` may be given; time, tenant and version never. */
export type InsertOf<E> = Flatten<
  { readonly id?: string | undefined } & {
    readonly [K in keyof ColumnsOf<E> as IsRequired<ColumnsOf<E>, K>]: InOf<ColumnsOf<E>[K]>
  } & {
    readonly [K in keyof ColumnsOf<E> as IsOptional<ColumnsOf<E>, K>]?: InOf<ColumnsOf<E>[K]> | undefined
  } & ImportableInsert<OptionsOf<E>>
>

/** What `t.repo(E).patch` takes: any subset of the columns. */
export type PatchOf<E> = Flatten<
  { readonly [K in keyof ColumnsOf<E>]?: InOf<ColumnsOf<E>[K]> | undefined } & ImportableInsert<OptionsOf<E>>
>

interface BaseTable {
  id: ColumnType<string, string | undefined, never>
  tenantId: ColumnType<string, string | undefined, never>
  version: ColumnType<number, number | undefined, number>
  createdAt: ColumnType<Timestamp, Timestamp | undefined, never>
  updatedAt: ColumnType<Timestamp, Timestamp | undefined, Timestamp>
}
type TableColumn<X> =
  X extends Column<infer Out, infer In, infer Optional, infer Kind>
    ? Kind extends 'money'
      ? ColumnType<MoneyAmount<Out>, MoneyAmount<In>, MoneyAmount<In>>
      : Optional extends true
        ? ColumnType<Out, In | undefined, In>
        : ColumnType<Out, In, In>
    : never
type MoneyAmount<X> = null extends X ? number | null : number
type IsMoney<C, K extends keyof C> =
  C[K] extends Column<any, any, any, 'money'> ? `${K & string}Currency` : never
type MoneyCurrency<C> = { [K in keyof C as IsMoney<C, K>]: string | null }

/** The table type that typed queries (`ctx.db`) see. Money is two columns there: `total` and `totalCurrency`. */
export type TableOf<E> = Flatten<
  BaseTable & { [K in keyof ColumnsOf<E>]: TableColumn<ColumnsOf<E>[K]> } & MoneyCurrency<ColumnsOf<E>> &
    SoftDeleteRow<OptionsOf<E>> &
    ImportableRow<OptionsOf<E>>
>

/** Table name → table type, for a list of entities. */
export type TablesOf<Es extends readonly AnyEntity[]> = {
  [E in Es[number] as E['name']]: TableOf<E>
}

/**
 * Declares a kind of row.
 *
 * @example
 * export const Note = defineEntity('notes', {
 *   title: col.text(z.string().min(1).max(200)).filterable().sortable(),
 *   customerId: col.ref(() => Customer, { onMerge: 'move', onErase: 'delete' }),
 * }, { label: 'title', softDelete: true })
 */
export function defineEntity<
  const N extends string,
  C extends AnyColumns,
  const O extends EntityOptions<NoInfer<C>> = {},
>(name: N, columns: C, options: O = {} as O): Entity<N, C, O> {
  return makeEntity(name, columns, options)
}

/**
 * Adds columns to another plugin's entity: a 1:1 side table owned by the plugin that declares it. Its row comes and
 * goes with the base row, so every column needs a default or to be nullable, and inner joins are always right.
 *
 * @example
 * export const CustomerScore = extendEntity(Customer, 'customerScores', { score: col.integer().default(0) }, { as: 'score' })
 */
export function extendEntity<
  const N extends string,
  C extends Readonly<Record<string, Column<any, any, true, any>>>,
>(
  base: AnyEntity,
  name: N,
  columns: C,
  options: {
    readonly as: string
    readonly indexes?: readonly IndexSpec<NoInfer<C>>[]
    readonly description?: string
  },
): Entity<N, C, {}> {
  const { as, ...rest } = options
  return makeEntity(name, columns, rest, { base, as })
}

function makeEntity<N extends string, C extends AnyColumns, O extends EntityOptions<any>>(
  name: N,
  columns: C,
  options: O,
  extension?: ExtensionSpec,
): Entity<N, C, O> {
  const parts = { columns, options }
  return {
    $$type: 'clientele/entity',
    name,
    columns,
    options,
    ...(extension ? { extension } : {}),
    row: rowSchema(parts) as unknown as Entity<N, C, O>['row'],
    insert: insertSchema(parts) as unknown as Entity<N, C, O>['insert'],
    patch: patchSchema(parts) as unknown as Entity<N, C, O>['patch'],
  }
}
