import type { Column } from '../entity/column.ts'
import type { ListQueryInput } from './list-query.ts'

/**
 * What a typed caller writes to list an entity's rows: its columns by name, with operators (`'total.gte'`), and how
 * to sort and page. Columns of extensions (`'metrics.totalSpend.gte'`) are not known here; the server checks them.
 */
export type ListInputOf<E> = Pick<ListQueryInput, 'limit' | 'cursor' | 'skip' | 'sort' | 'q' | 'count'> &
  Filters<BaseValues & ValuesOf<ColumnsOf<E>> & ImportValues<OptionsOf<E>>> & {
    readonly [ofExtension: `${string}.${string}`]: Loose
  }

type Loose = string | number | boolean | readonly (string | number)[] | undefined
type ColumnsOf<E> = E extends { readonly columns: infer C } ? C : never
type OptionsOf<E> = E extends { readonly options: infer O } ? O : never

interface BaseValues {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
}
type ImportValues<O> = O extends { readonly importable: true }
  ? { readonly source: string; readonly externalId: string }
  : unknown

type ValuesOf<Columns> = {
  readonly [K in keyof Columns as ValueOf<Columns[K]> extends never ? never : K]: ValueOf<Columns[K]>
}

/** As in a query string, or as it is; money by its minor units. */
type ValueOf<X> =
  X extends Column<infer Out, any, any, infer Kind>
    ? Kind extends 'json' | 'secret'
      ? never
      : Kind extends 'money' | 'integer' | 'real'
        ? number | `${number}`
        : Kind extends 'boolean'
          ? boolean | 'true' | 'false'
          : NonNullable<Out>
    : never

type Filters<Values> = {
  readonly [K in keyof Values & string]?: Values[K] | undefined
} & {
  readonly [K in keyof Values & string as `${K}.${'ne' | 'gt' | 'gte' | 'lt' | 'lte'}`]?:
    | Values[K]
    | undefined
} & {
  readonly [K in keyof Values & string as `${K}.in`]?:
    | readonly Extract<Values[K], string | number>[]
    | string
    | undefined
} & {
  readonly [K in keyof Values & string as `${K}.${'contains' | 'startsWith'}`]?: string | undefined
} & {
  readonly [K in keyof Values & string as `${K}.isNull`]?: boolean | 'true' | 'false' | undefined
}
