import { fromTimestamp, toTimestamp, type SqlType } from '@clientele/core'
import pg, { type CustomTypesConfig } from 'pg'
import { postgresErrors } from './postgres.errors.ts'

type Parse = (text: string) => unknown

/** How values of the wire become TypeScript values; given to each query, so that the host's `pg.types` stay alone. */
export const wireTypes: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : PARSERS[oid]) ?? pg.types.getTypeParser(oid, format ?? 'text'),
}

const text: Parse = (value) => value
const json: Parse = (value) => JSON.parse(value) as unknown

const PARSERS: Readonly<Record<number, Parse>> = {
  16: (value) => value === 't',
  17: parseBytes,
  19: text,
  20: parseInteger,
  21: Number,
  23: Number,
  25: text,
  26: Number,
  114: json,
  700: Number,
  701: Number,
  1042: text,
  1043: text,
  1082: text,
  1184: parseInstant,
  1700: Number,
  2950: text,
  3802: json,
}

/** `2026-01-31 09:30:00.5+00` → `2026-01-31T09:30:00.500Z`. Digits below the millisecond are cut off. */
export function parseInstant(value: string): string {
  const end = value.length - 3
  // The only shape a connection in UTC sends for the years 1 to 9999.
  if (end >= 19 && value.charCodeAt(10) === 32 && value.endsWith('+00')) {
    const fraction = end === 19 ? '000' : value.slice(20, Math.min(end, 23)).padEnd(3, '0')
    return `${value.slice(0, 10)}T${value.slice(11, 19)}.${fraction}Z`
  }
  return parseForeignInstant(value)
}

/** A joined connection keeps the host's time zone. */
function parseForeignInstant(value: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(?::(\d\d))?$/.exec(value)
  if (!parts) throw postgresErrors['postgres.unreadable_instant']({ value })
  const [, date, time, fraction = '', hours, minutes = '00'] = parts
  return toTimestamp(
    fromTimestamp(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${hours}:${minutes}`),
  )
}

function parseInteger(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw postgresErrors['postgres.unsafe_integer']({ value })
  return number
}

function parseBytes(value: string): Buffer {
  return Buffer.from(value.slice(2), 'hex')
}

/**
 * What a column named `x::type` asks for, where the wire type did not already say so.
 *
 * @param oid the wire type: JSON that was JSON on the wire is parsed already, and may be a string
 */
export function decodeAs(type: SqlType, value: unknown, oid: number | undefined): unknown {
  if (value === null) return null
  switch (type) {
    case 'json':
      return typeof value === 'string' && !isJson(oid) ? json(value) : value
    case 'integer':
    case 'real':
      return typeof value === 'number' ? value : Number(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 't' || value === 'true' || value === 1
    case 'timestamp':
      return typeof value === 'number' ? toTimestamp(value) : value
    default:
      return value
  }
}

export function isJson(oid: number | undefined): boolean {
  return oid === 114 || oid === 3802
}
