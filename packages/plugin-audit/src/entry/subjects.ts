import type { AnyEntity, Change } from '@clientele/core'

/** A person that an entry tells of. */
export interface Subject {
  readonly entity: string
  readonly id: string
}

/** Whom a change tells of: the row itself, or whom it refers to, before and after. */
export function subjectsOf({ entity, id, before, after }: Change): readonly Subject[] {
  const own = entity.extension?.base ?? entity
  if (own.options.subject) return [{ entity: own.name, id }]
  const found = new Map<string, Subject>()
  for (const { column, target } of references(entity)) {
    for (const row of [before, after] as readonly (Readonly<Record<string, unknown>> | null)[]) {
      const person = row?.[column]
      if (typeof person === 'string') found.set(`${target} ${person}`, { entity: target, id: person })
    }
  }
  return [...found.values()]
}

const known = new WeakMap<AnyEntity, readonly { readonly column: string; readonly target: string }[]>()

function references(entity: AnyEntity): readonly { readonly column: string; readonly target: string }[] {
  let found = known.get(entity)
  if (!found) {
    found = Object.entries(entity.columns).flatMap(([column, { spec }]) => {
      const target = spec.reference?.target()
      return target?.options.subject ? [{ column, target: target.name }] : []
    })
    known.set(entity, found)
  }
  return found
}
