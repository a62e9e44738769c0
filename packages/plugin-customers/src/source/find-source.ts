import type { Actor, Credentials, Ctx, Identified } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { hashOfWriteKey, tenantOfWriteKey } from './write-key.ts'

/** What a source may: nothing but sending events. */
const PERMISSIONS: ReadonlySet<string> = new Set(['events:send'])

const SOURCE = 'source:'

/** The source behind an actor; null for a user, and for code of the same process. */
export function sourceOf({ id }: Actor): string | null {
  return id.startsWith(SOURCE) ? id.slice(SOURCE.length) : null
}

/**
 * The source that a request's write key belongs to, as its actor.
 * @throws `customers.unknown_write_key`, also for a source that is switched off
 */
export async function findSource(
  request: Credentials & { readonly body: unknown },
  open: (tenantId: string) => Ctx<CustomersTables>,
): Promise<Identified> {
  for (const key of writeKeysOf(request)) {
    const tenantId = tenantOfWriteKey(key)
    if (tenantId === null) continue
    const source = await open(tenantId)
      .db.selectFrom('sources')
      .select(['id', 'enabled'])
      .where('keyHash', '=', hashOfWriteKey(key))
      .executeTakeFirst()
    if (!source?.enabled) break
    // What customers do is no decision of anybody: it is traffic.
    const by = { kind: 'key', id: `${SOURCE}${source.id}`, audited: false } as const
    const actor = { ...by, permissions: PERMISSIONS }
    return { actor, tenants: [tenantId] }
  }
  throw customersErrors['customers.unknown_write_key']({})
}

/** Where clients put it: Basic auth as the user's name, a header, the body; the settings call has it in its path. */
function writeKeysOf({ headers, body, url }: Credentials & { readonly body: unknown }): string[] {
  const basic = /^Basic\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const inBody = (body as { writeKey?: unknown } | null | undefined)?.writeKey
  const inPath = /\/v1\/projects\/([^/?]+)\/settings/.exec(url)?.[1]
  const given = [
    basic && Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0],
    bearer,
    // Jitsu writes `key:secret`; what we give out has no second part.
    headers['x-write-key']?.split(':', 1)[0],
    typeof inBody === 'string' ? inBody : undefined,
    inPath,
  ]
  return given.filter((one): one is string => one !== undefined && one.length > 0 && one.length <= 100)
}
