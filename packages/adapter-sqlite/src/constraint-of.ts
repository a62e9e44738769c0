import type { ConstraintViolation } from '@clientele/core'

const KINDS: readonly (readonly [RegExp, ConstraintViolation['kind']])[] = [
  [/^UNIQUE constraint failed: (.*)$/, 'unique'],
  [/^NOT NULL constraint failed: (.*)$/, 'notNull'],
  [/^FOREIGN KEY constraint failed/, 'foreignKey'],
  [/^CHECK constraint failed/, 'check'],
  [/^cannot store \w+ value in \w+ column (.*)$/, 'check'],
]

/**
 * The constraint an error of SQLite names. Its message carries table and columns (`t.a, t.b`), for foreign keys
 * neither; the code does not tell: a restricted removal says "trigger".
 */
export function constraintOf(error: unknown): ConstraintViolation | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (typeof error.code !== 'string' || !error.code.startsWith('SQLITE_CONSTRAINT')) return null
  for (const [pattern, kind] of KINDS) {
    const match = pattern.exec(error.message)
    if (match) return { kind, ...placesOf(match[1]) }
  }
  return { kind: 'check', columns: [] }
}

function placesOf(list: string | undefined): Omit<ConstraintViolation, 'kind'> {
  const places = (list ?? '').split(', ').map((place) => place.split('.'))
  const [table, first] = places[0] ?? []
  if (!table || !first) return { columns: [] }
  return { table, columns: places.flatMap(([, column]) => column ?? []) }
}
