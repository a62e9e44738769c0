import {
  coreErrors,
  defineService,
  fromTimestamp,
  hasPermission,
  isSameSecret,
  Secrets,
  type Actor,
  type Ctx,
  type Identified,
  type OpenContext,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { Access } from '../access/access.service.ts'
import { memberErrors } from '../members.errors.ts'
import { checkPermissions } from '../role/role.service.ts'
import { checkQuota } from '../tenant/quota.ts'
import { ApiKey, type ApiKeyRow } from './api-key.entity.ts'
import { hashSecret, looksLikeKey, readKey, writeKey } from './key-text.ts'

/** What a new key is made of. */
export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly string[]
  /** @default never */
  readonly expiresAt?: Timestamp | null | undefined
}

/** A key with its text, which is shown this once. */
export interface ApiKeyWithText {
  readonly apiKey: ApiKeyRow
  readonly key: string
}

/**
 * Keys of a tenant. A key permits what its scopes say and its maker may do now: whoever loses a permission loses it in
 * the keys they made. Looked up with every request, so a revoked one is refused by the next, on every node.
 */
export interface ApiKeysService {
  /** @throws `auth.unknown_permission`, `auth.beyond_own`, `auth.key_by_key`, `auth.key_without_role`, `auth.quota_reached` */
  create(t: Tx, key: NewApiKey): Promise<ApiKeyWithText>
  /** For good; a second time changes nothing. @throws `entity.not_found`, `auth.key_by_key` */
  revoke(t: Tx, id: string): Promise<ApiKeyRow>
  /**
   * What a key permits now; null when it is revoked or over, or its maker has left.
   * @param id of a key of this tenant
   */
  permissionsOf(ctx: Ctx, id: string): Promise<ReadonlySet<string> | null>
  /**
   * Who a bearer token is; null when it is no key.
   * @throws `auth.invalid_credentials`
   */
  identify(token: string, open: OpenContext): Promise<Identified | null>
}

/** The service: `ctx.get(ApiKeys)`. */
export const ApiKeys = defineService<ApiKeysService>('auth.apiKeys')

/** How much later than its last mark the use of a key is marked again. */
const MARK_MS = 60_000

export function createApiKeysService(): ApiKeysService {
  return {
    async create(t, { name, scopes, expiresAt = null }) {
      const { kind, id: madeById } = t.actor
      if (kind !== 'user' && kind !== 'operator' && kind !== 'system')
        throw memberErrors['auth.key_by_key']({})
      checkPermissions(t, scopes)
      // A key permits what its maker may do here, so one of somebody without a role would let nobody in.
      if (kind !== 'system' && !(await t.get(Access).permissionsIn(t, madeById, t.tenantId)))
        throw memberErrors['auth.key_without_role']({ tenantId: t.tenantId })
      await checkQuota(t, 'keys', 1, () => living(t))
      const id = t.newId()
      const secret = Buffer.from(t.get(Secrets).token(t, 24), 'base64url').toString('hex')
      const key = writeKey({ tenantId: t.tenantId, id, secret })
      const apiKey = await t.repo(ApiKey).insert({
        id,
        name,
        scopes: [...new Set(scopes)],
        secretHash: hashSecret(secret),
        hint: `…${key.slice(-6)}`,
        madeByKind: kind,
        madeById,
        expiresAt,
      })
      return { apiKey, key }
    },
    async revoke(t, id) {
      if (t.actor.kind === 'key') throw memberErrors['auth.key_by_key']({})
      await t.lock(ApiKey, [id])
      const key = await t.repo(ApiKey).get(id)
      return key.revokedAt === null ? t.repo(ApiKey).patch(id, { revokedAt: t.now() }) : key
    },
    async permissionsOf(ctx, id) {
      const key = await ctx.repo(ApiKey).find(id)
      return key && !reasonAgainst(key, ctx.now()) ? heldBy(ctx, key) : null
    },
    async identify(token, open) {
      if (!looksLikeKey(token)) return null
      const parts = readKey(token)
      if (!parts) throw wrong('its checksum does not fit: it was mistyped or cut off')
      const ctx = openTenant(open, parts.tenantId)
      const key = await ctx.repo(ApiKey).find(parts.id)
      if (!key || !isSameSecret(key.secretHash, hashSecret(parts.secret))) throw wrong('there is no such key')
      const against = reasonAgainst(key, ctx.now())
      if (against !== null) throw wrong(against)
      await markUsed(ctx, key)
      const actor: Actor = { kind: 'key', id: key.id, permissions: await permissionsOf(ctx, key) }
      return { actor, tenants: [parts.tenantId] }
    },
  }
}

function openTenant(open: OpenContext, tenantId: string): Ctx {
  const none = open()
  // With one tenant, that is the only one a key can be of.
  if (none.tenantId !== '*' && none.tenantId !== tenantId) throw wrong('there is no such key')
  return open(tenantId)
}

function reasonAgainst({ revokedAt, expiresAt }: ApiKeyRow, now: Timestamp): string | null {
  if (revokedAt !== null) return `it was revoked at ${revokedAt}`
  return expiresAt !== null && expiresAt <= now ? `it was good until ${expiresAt}` : null
}

/** The scopes, less what the maker may not do any more. */
async function permissionsOf(ctx: Ctx, key: ApiKeyRow): Promise<ReadonlySet<string>> {
  const permissions = await heldBy(ctx, key)
  return permissions ?? Promise.reject(wrong('whoever made it may not work in this tenant any more'))
}

async function heldBy(
  ctx: Ctx,
  { madeByKind, madeById, scopes }: ApiKeyRow,
): Promise<ReadonlySet<string> | null> {
  if (madeByKind === 'system') return new Set(scopes)
  const access = await ctx.get(Access).permissionsIn(ctx, madeById, ctx.tenantId)
  if (!access) return null
  const maker: Actor = { kind: 'user', id: madeById, permissions: access.permissions }
  return new Set(scopes.filter((scope) => hasPermission(maker, scope)))
}

async function markUsed(ctx: Ctx, { id, lastUsedAt }: ApiKeyRow): Promise<void> {
  const now = ctx.now()
  if (lastUsedAt !== null && fromTimestamp(now) - fromTimestamp(lastUsedAt) < MARK_MS) return
  try {
    await ctx.tx((t) =>
      t.projection('that a key is used is no change of it', async (db) => {
        await db
          .updateTable('apiKeys')
          .set({ lastUsedAt: now })
          .where('id', '=', id)
          .where((eb) =>
            lastUsedAt === null ? eb('lastUsedAt', 'is', null) : eb('lastUsedAt', '=', lastUsedAt),
          )
          .execute()
      }),
    )
  } catch (err) {
    // A request is not refused because the database is busy with others.
    ctx.log.warn({ err, keyId: id }, 'the use of an API key was not marked')
  }
}

async function living(t: Tx): Promise<number> {
  const row = await t.db
    .selectFrom('apiKeys')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  return row?.n ?? 0
}

function wrong(reason: string): Error {
  return coreErrors['auth.invalid_credentials']({ scheme: 'api-key', reason })
}
