import type { Tx } from '../context/context.ts'
import type { AnyEntity } from './entity.ts'
import type { Values } from './row-shape.ts'

/**
 * Values as the entity wants them stored.
 *
 * @param ids the rows that are changed, in the order of the values; none: the rows are new
 */
export async function prepared<V extends Values>(
  t: Tx,
  { options: { prepare } }: AnyEntity,
  values: readonly V[],
  ids?: readonly string[],
): Promise<readonly V[]> {
  if (!prepare || values.length === 0) return values
  // It answers what it was given, changed in places.
  return prepare(
    t,
    values.map((one, place) => ({ id: ids?.[place] ?? null, values: one })),
  ) as Promise<readonly V[]>
}
