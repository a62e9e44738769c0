import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The parts of a key: `clk_<tenant>_<id>_<secret>_<checksum>`. */
export interface KeyText {
  readonly tenantId: string
  /** Of the row, a UUID. */
  readonly id: string
  /** 192 random bits in hex. */
  readonly secret: string
}

const PREFIX = 'clk_'
const SHAPE = /^(clk_([a-z0-9][a-z0-9-]{0,31})_([0-9a-f]{32})_([0-9a-f]{48}))_([0-9a-f]{8})$/

/** Whether a text means to be a key, also a wrong one. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** The whole text, with a checksum by which scanners for leaked secrets, and we, know a mistyped one. */
export function writeKey({ tenantId, id, secret }: KeyText): string {
  const text = `${PREFIX}${tenantId}_${id.replaceAll('-', '')}_${secret}`
  return `${text}_${checksum(text)}`
}

/** Null for a text that was never a key. */
export function readKey(text: string): KeyText | null {
  const [, body, tenantId, id, secret, sum] = SHAPE.exec(text) ?? []
  if (!body || !tenantId || !id || !secret || checksum(body) !== sum) return null
  return { tenantId, id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret }
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
