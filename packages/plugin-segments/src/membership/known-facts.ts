import type { FactKey } from '@clientele/conditions'
import type { AnyEntity, Tx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { blankRow, NEVER_BLANK } from '../definition/definition.ts'

/** What the rows of new customers say. */
export interface KnownFacts {
  /** The facts that any of them has: columns that are not as in a row of which nothing was said. */
  readonly facts: ReadonlySet<FactKey>
  /** Those of them who are there. */
  readonly there: ReadonlySet<string>
}

/** Reads the rows of new customers: theirs, and those of these extensions. */
export async function knownFacts(
  t: Tx,
  extensions: readonly AnyEntity[],
  ids: readonly string[],
): Promise<KnownFacts> {
  const facts = new Set<FactKey>(NEVER_BLANK.map((name) => `${Customer.name}.${name}`))
  const there = new Set<string>()
  for (const entity of new Set<AnyEntity>([Customer, ...extensions])) {
    const rows: Record<string, unknown>[] = await t.db
      .selectFrom(entity.name)
      .selectAll()
      .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
      .execute()
    for (const row of rows) {
      if (entity === Customer) there.add(row['id'] as string)
      for (const fact of factsOf(entity, row)) facts.add(fact)
    }
  }
  return { facts, there }
}

function factsOf(entity: AnyEntity, row: Readonly<Record<string, unknown>>): FactKey[] {
  const blank = blankRow(entity)
  return Object.keys(entity.columns).flatMap((name) => {
    const [value, fact] = [row[name] ?? null, `${entity.name}.${name}`]
    if (value === blank[name]) return []
    // Of a document each entry is a fact of its own: traits.
    return isDocument(value) ? Object.keys(value).map((entry) => `${fact}.${entry}`) : [fact]
  })
}

function isDocument(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
