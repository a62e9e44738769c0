import type { SqlType } from '@clientele/core'
import { isoTime } from './iso-time.ts'
import { decodeHexUuid, decodeUuid } from './uuid.ts'

// The population worker loads this file: nothing of the core may be imported at run time.

type Decoder = (value: unknown) => unknown

const DECODERS: Readonly<Record<SqlType, Decoder | null>> = {
  uuid: (value) => (typeof value === 'string' ? decodeHexUuid(value) : decodeUuid(value as Uint8Array)),
  timestamp: (value) => (typeof value === 'number' ? isoTime(value) : value),
  boolean: (value) => value !== 0,
  json: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  text: null,
  integer: null,
  real: null,
  bytes: null,
}

/** How the values of each result column are decoded; null leaves them as they are. */
export function decodersOf(types: readonly (SqlType | null)[]): readonly (Decoder | null)[] {
  return types.map((type) => (type === null ? null : DECODERS[type]))
}

/** Decodes one row of values in place. */
export function decodeValues(decoders: readonly (Decoder | null)[], values: unknown[]): unknown[] {
  for (let i = 0; i < decoders.length; i++) {
    const decode = decoders[i]
    if (decode && values[i] !== null) values[i] = decode(values[i])
  }
  return values
}

export function isSqlType(name: string): name is SqlType {
  return Object.hasOwn(DECODERS, name)
}
