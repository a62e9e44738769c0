import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Condition, Leaf } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import type { SeededRandom } from '@clientele/testing'

/** The random questions of one family of condition types. */
export interface Family {
  readonly name: string
  leaf(random: SeededRandom): Leaf
  /** Writes what its types read, about these customers. */
  populate?(ctx: Ctx, random: SeededRandom, customerIds: readonly string[]): Promise<void>
}

/**
 * The families of this folder: each `*.fixture.ts` exports `random<Family>Leaf(random)` and, where it needs rows of its
 * own, `populate<Family>(ctx, random, customerIds)`.
 */
export async function readFamilies(): Promise<readonly Family[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.fixture.ts'))
  const families: Family[] = []
  for (const file of files.toSorted()) {
    const module = (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as Record<
      string,
      never
    >
    for (const exported of Object.keys(module)) {
      const name = /^random(\w+)Leaf$/.exec(exported)?.[1]
      if (!name) continue
      const populate = module[`populate${name}`] as Family['populate']
      families.push({ name, leaf: module[exported]!, ...(populate && { populate }) })
    }
  }
  return families
}

/** A tree of groups over random leaves. */
export function randomCondition(random: SeededRandom, leaf: () => Leaf, depth: number): Condition {
  if (depth === 0 || random.number() < 0.4) return leaf()
  const parts = Array.from({ length: 1 + Math.floor(random.number() * 3) }, () =>
    randomCondition(random, leaf, depth - 1),
  )
  return random.pick<() => Condition>([
    () => ({ all: parts }),
    () => ({ any: parts }),
    () => ({ not: parts[0]! }),
    () => ({ atLeast: 1 + Math.floor(random.number() * parts.length), of: parts }),
  ])()
}
