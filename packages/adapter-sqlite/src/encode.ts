import type { SqlType } from '@clientele/core'
import { encodeUuid } from './uuid.ts'

/**
 * The value SQLite stores for a TypeScript value of a column's type. `null` and `undefined` are SQL NULL for every
 * type, JSON too; what cannot be a value of the type becomes one that matches nothing. Values that are encoded
 * already pass unchanged, except JSON.
 */
export function encode(type: SqlType, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'uuid':
      return typeof value === 'string' ? encodeUuid(value) : value
    case 'timestamp':
      return typeof value === 'string' ? milliseconds(value) : value instanceof Date ? value.getTime() : value
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : value
    case 'json':
      return JSON.stringify(value)
    case 'text':
      return typeof value === 'number' ? String(value) : value
    default:
      return value
  }
}

/** Parameters as SQLite can bind them: raw fragments may carry booleans. */
export function bindable(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.some((value) => typeof value === 'boolean')
    ? parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value))
    : parameters
}

function milliseconds(text: string): number | null {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
