import { coreErrors } from '../errors/core.errors.ts'
import type { SqlType } from '../storage/physical.ts'
import type { Capabilities, SqlDialect } from '../storage/storage.ts'

/** A value that carries its type: what `SqlHelpers.value` puts into a query. */
export class TypedParameter {
  readonly type: SqlType
  readonly value: unknown

  constructor(type: SqlType, value: unknown) {
    this.type = type
    this.value = value
  }
}

/** A value that is a bound parameter already. */
export class EncodedParameter {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** The place of a value in a prepared statement. Its encoder is known once the statement is compiled. */
export class Slot {
  readonly name: string
  readonly encode: ((value: unknown) => unknown) | undefined

  constructor(name: string, encode?: (value: unknown) => unknown) {
    this.name = name
    this.encode = encode
  }
}

/** The tenant's place in a prepared statement. */
export const TENANT_SLOT = new Slot('tenant id')

/** Turns a value of a query into a bound parameter; `type` is the column's, where it is known. */
export type EncodeParameter = (value: unknown, type: SqlType | undefined) => unknown

/**
 * @throws `storage.parameter` for values that no database can bind without knowing their column: instants as `Date`,
 * objects, `undefined`.
 */
export function createEncoder(sql: SqlDialect, { dialect }: Capabilities): EncodeParameter {
  const encode: EncodeParameter = (value, type) => {
    if (value === null) return null
    if (typeof value === 'object') {
      if (value instanceof TypedParameter) return encode(value.value, value.type)
      if (value instanceof EncodedParameter) return value.value
      if (value instanceof Slot) return slotOf(value, type)
    }
    if (value === undefined) throw refused('undefined', 'leave the condition or column out, or pass null')
    return type === undefined ? untyped(value) : sql.encode(type, value)
  }
  const slotOf = (slot: Slot, type: SqlType | undefined): Slot =>
    slot.encode || slot === TENANT_SLOT ? slot : new Slot(slot.name, (value) => encode(value, type))
  const untyped = (value: unknown): unknown => {
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'bigint':
        return value
      case 'boolean':
        return dialect === 'sqlite' ? Number(value) : value
      default:
        if (value instanceof Uint8Array) return value
        if (value instanceof Date)
          throw refused('a Date', 'pass an ISO-8601 string and compare it with a timestamp column')
        if (Array.isArray(value) && dialect === 'postgres') return value.map(untyped)
        throw refused(
          Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`,
          "say its type: ctx.sql.value('json', …)",
        )
    }
  }
  return encode
}

function refused(what: string, wayOut: string): Error {
  return coreErrors['storage.parameter']({ what, wayOut })
}
