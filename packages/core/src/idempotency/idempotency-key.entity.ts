import type { Kysely } from 'kysely'
import { col } from '../entity/column.ts'
import { defineEntity, type TableOf } from '../entity/entity.ts'

/**
 *   claim ─▶ running ─▶ done ─▶ gone after 72 hours
 *               │ ▲
 *               │ └─ taken over once the lock has ended: whoever held it died, or is late and fenced by the token
 *               └─▶ gone: the request failed, and may be sent again
 */
const keyStates = ['running', 'done'] as const

/** One request that came with an `Idempotency-Key`, and the answer it got. */
export const IdempotencyKeyEntity = defineEntity(
  'idempotencyKeys',
  {
    key: col.text().unique().describe('Hash of the caller, the route, its parameters and the key'),
    route: col.text().describe('For people: `orders.create`'),
    fingerprint: col.text().describe('Hash of method, path, query and body'),
    state: col.enum(keyStates),
    token: col.id().describe('Who may write the answer: new with every claim'),
    lockedUntil: col.timestamp().describe('While it runs: from then on another request may take over'),
    expiresAt: col.timestamp().index(),
    answer: col.text().nullable().describe('Status, headers and body, encrypted; null when it was too large'),
  },
  { live: false, description: 'Requests that must not be carried out twice, with their answers' },
)

/** Queries over the keys of one tenant, or of all. */
export type IdempotencyDb = Kysely<{ idempotencyKeys: TableOf<typeof IdempotencyKeyEntity> }>
