import type { SelectQueryBuilder } from 'kysely'

/** A list in slices of at most `size`, in its order. */
export function* slicesOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size)
}

/**
 * The rows of a query in slices of at most `size`, in the order of their ids: each slice is a statement of its own, and
 * what is removed between two of them shifts nothing.
 *
 * @param query without an order and a limit
 * @param run on another lane: `(query) => ctx.population.run(query)`
 */
export async function* slicesById<Row extends { readonly id: string }>(
  query: Query<Row>,
  size: number,
  run: (query: Query<Row>) => Promise<Row[]> = (one) => one.execute(),
): AsyncGenerator<readonly Row[]> {
  for (let after: string | null = null; ;) {
    const following: Query<Row> = after === null ? query : query.where('id', '>', after)
    const slice = await run(following.orderBy('id').limit(size))
    if (slice.length > 0) yield slice
    if (slice.length < size) return
    after = slice.at(-1)!.id
  }
}

// `any`: the tables are those of whatever is gone through.
type Query<Row> = SelectQueryBuilder<any, any, Row>
