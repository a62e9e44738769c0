import { createHash } from 'node:crypto'
import { Keys, type Ctx } from '@clientele/core'
import type { AuditEntryRow } from '../entry/entry.entity.ts'
import type { AuditHeadRow } from './chain.entity.ts'

/** What of an entry is signed and chained. The hash stands for the details, so these can go. */
export type EntryCore = Pick<
  AuditEntryRow,
  | 'id'
  | 'at'
  | 'actorKind'
  | 'actorId'
  | 'via'
  | 'action'
  | 'entity'
  | 'rowId'
  | 'origin'
  | 'requestId'
  | 'ip'
  | 'detailsHash'
>

/** What stands before the first entry. */
export const NO_HASH = ''

const ENTRY = 'audit.entry'
const HEAD = 'audit.head'

/** The hash of an entry in its place. The tenant is part of it: a chain cannot be passed off as another's. */
export function chained(ctx: Ctx, before: string, seq: number, entry: EntryCore): string {
  return sha256(JSON.stringify([before, seq, ctx.tenantId, ...coreOf(entry)]))
}

/** The salt keeps values of a few possibilities from being guessed by their hash once they are erased. */
export function detailsHashOf(salt: string, details: object): string {
  return sha256(salt + canonicalJson(details))
}

export function signEntry(ctx: Ctx, entry: EntryCore): string {
  return ctx.get(Keys).hashes(ctx, ENTRY, JSON.stringify(coreOf(entry)))[0]
}

export function isEntrySigned(ctx: Ctx, entry: EntryCore & { readonly signature: string }): boolean {
  return ctx
    .get(Keys)
    .hashes(ctx, ENTRY, JSON.stringify(coreOf(entry)))
    .includes(entry.signature)
}

/** What of a head is signed. */
export type HeadCore = Pick<AuditHeadRow, 'seq' | 'hash' | 'floorSeq' | 'floorHash'>

export function signHead(ctx: Ctx, head: HeadCore): string {
  return ctx.get(Keys).hashes(ctx, HEAD, headText(head))[0]
}

export function isHeadSigned(ctx: Ctx, head: HeadCore & { readonly signature: string }): boolean {
  return ctx.get(Keys).hashes(ctx, HEAD, headText(head)).includes(head.signature)
}

/** JSON with sorted names: databases keep the values of a document, not its order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function coreOf(entry: EntryCore): readonly (string | null)[] {
  const { id, at, actorKind, actorId, via, action, entity, rowId, origin, requestId, ip, detailsHash } = entry
  return [id, at, actorKind, actorId, via, action, entity, rowId, origin, requestId, ip, detailsHash]
}

function headText({ seq, hash, floorSeq, floorHash }: HeadCore): string {
  return JSON.stringify([seq, hash, floorSeq, floorHash])
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
