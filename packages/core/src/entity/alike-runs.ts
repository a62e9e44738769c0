import { isDeepStrictEqual } from 'node:util'
import type { AnyEntity } from './entity.ts'
import { BATCH } from './entity-reader.ts'
import type { Values } from './row-shape.ts'

/** Rows that are changed alike. */
export interface AlikeRun {
  readonly ids: readonly string[]
  readonly changes: Values
}

/**
 * Neighbours that are changed alike, which one statement can do; their order stays. No row stands twice in a run, and
 * what sets a secret stands alone: sealed, it is another value for every row.
 */
export function alikeRuns(
  entity: AnyEntity,
  changes: readonly { readonly id: string; readonly changes: Values }[],
): readonly AlikeRun[] {
  const runs: { readonly ids: string[]; readonly changes: Values }[] = []
  let seen = new Set<string>()
  for (const { id, changes: values } of changes) {
    const last = runs.at(-1)
    const fits = last && last.ids.length < BATCH && !seen.has(id) && isDeepStrictEqual(last.changes, values)
    if (fits && !hasSecret(entity, values)) last.ids.push(id)
    else {
      runs.push({ ids: [id], changes: values })
      seen = new Set()
    }
    seen.add(id)
  }
  return runs
}

function hasSecret({ columns }: AnyEntity, values: Values): boolean {
  return Object.keys(values).some((name) => columns[name]?.kind === 'secret')
}
