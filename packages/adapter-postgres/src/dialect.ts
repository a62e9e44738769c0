import type { SqlDialect, SqlType } from '@clientele/core'
import { postgresErrors } from './postgres.errors.ts'

/** DDL names and parameter encoding of PostgreSQL. Text sorts by bytes, as on SQLite. */
export const postgresDialect: SqlDialect = {
  columnType: (type) => COLUMN_TYPES[type],
  tableSuffix: '',
  encode,
}

const COLUMN_TYPES: Readonly<Record<SqlType, string>> = {
  uuid: 'uuid',
  text: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  timestamp: 'timestamptz(3)',
  json: 'jsonb',
  bytes: 'bytea',
}

/** Matches no id: the version and variant bits are none that a UUID generator sets. */
const NO_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function encode(type: SqlType, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'text':
      if (typeof value === 'string' && value.includes('\0'))
        throw postgresErrors['postgres.nul_character']({})
      return value
    case 'json':
      return encodeJson(value)
    case 'uuid':
      // PostgreSQL raises an error for malformed text; a query for such an id must find nothing instead.
      return typeof value === 'string' && UUID.test(value) ? value : NO_UUID
    case 'bytes':
      return Buffer.isBuffer(value) ? value : bufferOf(value as Uint8Array)
    default:
      return value
  }
}

/** `jsonb` refuses two things that JSON may hold, both written as escapes: NUL and half a surrogate pair. */
function encodeJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (!/\\u(?:0000|d)/.test(json)) return json
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(json)) throw postgresErrors['postgres.nul_character']({})
  // As a text column stores it: half a pair is no character.
  return json.replaceAll(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\\ufffd')
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
