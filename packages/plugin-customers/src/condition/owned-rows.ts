import type { Collection } from '@clientele/conditions'
import type { AnyEntity } from '@clientele/core'

/** All rows of an entity that refer to customers by `customerId`, for evaluators: for those of which each has few. */
export function ownedRows<R>(entity: AnyEntity, columns: readonly string[]): Collection<R> {
  return {
    key: `${entity.name} ${columns.join()}`,
    async load({ db }, customerIds) {
      const rows = await db
        .selectFrom(entity.name)
        .select(['customerId', ...columns])
        .where('customerId', 'in', customerIds)
        .orderBy('id')
        .execute()
      return Map.groupBy(rows, (row) => row['customerId'] as string) as unknown as ReadonlyMap<
        string,
        readonly R[]
      >
    },
  }
}
