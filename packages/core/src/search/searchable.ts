import type { RegisteredEntity } from '../plugin/registry.ts'
import { WORDS_VERSION } from './words.ts'

const searchable = new WeakMap<RegisteredEntity, readonly string[]>()

/**
 * The columns `?q=` looks into, in the order of their declaration. What an importable row is called elsewhere is among
 * them: often it is all that people know of it.
 */
export function searchableColumns(registered: RegisteredEntity): readonly string[] {
  let names = searchable.get(registered)
  if (!names) {
    const { columns, options } = registered.entity
    const marked = Object.keys(columns).filter((property) => columns[property]!.spec.searchable)
    names = marked.length > 0 && options.importable ? [...marked, 'externalId'] : marked
    searchable.set(registered, names)
  }
  return names
}

/** What the index of an entity was made from; null when there is nothing to search in. */
export function fingerprintOf(registered: RegisteredEntity): string | null {
  const names = searchableColumns(registered)
  return names.length === 0 ? null : `${WORDS_VERSION}:${names.toSorted().join()}`
}
