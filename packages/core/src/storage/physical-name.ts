import { createHash } from 'node:crypto'

/** The longest name PostgreSQL keeps, in bytes; longer ones it would cut, and two could become one. */
export const LONGEST_NAME = 63

/**
 * A table, index or key as it stands in the database. The same on every database: names too long for PostgreSQL end
 * in a hash of the whole, so that they stay apart.
 */
export function physicalName(prefix: string, name: string): string {
  if (prefix.length + name.length <= LONGEST_NAME) return prefix + name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${prefix}${name.slice(0, LONGEST_NAME - prefix.length - hash.length - 1)}_${hash}`
}
