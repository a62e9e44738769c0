import { coreErrors } from '../errors/core.errors.ts'
import type { ColumnKind } from './column.ts'
import type { AnyEntity } from './entity.ts'
import type { Money } from './money.ts'
import type { Values } from './row-shape.ts'

/**
 * Refuses what one database would store and another not, or store as something else: numbers that are not exact,
 * texts with a NUL or half a surrogate pair.
 *
 * @throws `entity.invalid_value`
 */
export function requireStorable({ name: entity, columns }: AnyEntity, values: Values): void {
  for (const name in values) {
    const value = values[name]
    if (value === null || value === undefined) continue
    // Source and external id are no declared columns, but text.
    const reason = flawOf(columns[name]?.kind ?? 'text', value)
    if (reason) throw coreErrors['entity.invalid_value']({ entity, fields: [name], reason })
  }
}

const EXACT = `must be a whole number between -${Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`

function flawOf(kind: ColumnKind, value: unknown): string | null {
  switch (kind) {
    case 'integer':
      return Number.isSafeInteger(value) ? null : EXACT
    case 'money':
      return Number.isSafeInteger((value as Money).amount) ? null : EXACT
    case 'real':
      return Number.isFinite(value) ? null : 'must be a finite number'
    case 'text':
    case 'enum':
      if (typeof value !== 'string') return null
      if (value.includes('\0')) return 'must not hold a NUL character'
      return value.isWellFormed() ? null : 'must not hold half a surrogate pair'
    default:
      return null
  }
}
