import {
  Audit,
  defineService,
  fromTimestamp,
  Secrets,
  toTimestamp,
  type Ctx,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { KnownDevices } from '../device/known-devices.service.ts'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'
import type { AuthTables } from '../auth.tables.ts'
import type { AuthKeys } from '../token/auth-keys.ts'
import { isGenuine, readRefreshToken, refreshToken, type RefreshClaim } from '../token/refresh-token.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { Session, type SessionRow } from './session.entity.ts'

/** From where somebody signs in. */
export interface Device {
  readonly kind: SessionRow['kind']
  readonly ip: string
  readonly userAgent: string
}

/** Who stands behind a session that counts. */
export interface LiveSession {
  readonly id: string
  readonly kind: SessionRow['kind']
  readonly userId: string
  readonly email: string
  readonly expiresAt: Timestamp
}

/** A session that begins or goes on, with what presents it next. */
export interface HeldSession {
  readonly userId: string
  readonly sessionId: string
  readonly refreshToken: string
}

/**
 * Where people are signed in. Whether a session counts is read with every request, by its key, together with its user:
 * what ends one ends it at once, on every node.
 */
export interface SessionsService {
  begin(t: Tx, user: UserRow, device: Device): Promise<HeldSession & Pick<SessionRow, 'expiresAt'>>
  /** Null when it is over, or its user may not sign in. */
  find(ctx: Ctx, id: string, kind: SessionRow['kind']): Promise<LiveSession | null>
  /**
   * Takes a refresh token for its successor. The same token again within 10 seconds gets the same successor; later it
   * ends the session, as one of the two who have it has stolen it. @throws `auth.refresh_refused`
   */
  refresh(ctx: Ctx, token: string): Promise<HeldSession>
  /** Those that count, the newest first. */
  list(ctx: Ctx, userId: string): Promise<readonly SessionRow[]>
  /** Ends one of a user; with `revoked`, its device is a new one again. @throws `entity.not_found` */
  end(t: Tx, userId: string, id: string, reason: 'signed-out' | 'revoked'): Promise<void>
  /** Ends all of a user by raising the epoch; `but` goes on in the new one. */
  endAll(t: Tx, userId: string, options?: { readonly but?: string }): Promise<void>
}

/** The service: `ctx.get(Sessions)`. */
export const Sessions = defineService<SessionsService>('auth.sessions')

const DAY_MS = 86_400_000
/** How long a token that was used gets the same answer: for answers that got lost, and for tabs that ask at once. */
const GRACE_MS = 10_000
const WHY = 'the state of sign-ins, which nobody reads as facts'

type Db = Ctx<AuthTables>

export function createSessions(keys: AuthKeys, { sessionDays }: AuthConfig): SessionsService {
  return {
    async begin(t, user, { kind, ip, userAgent }) {
      const seed = t.get(Secrets).token(t, 24)
      const { id, expiresAt } = await t.repo(Session).insert({
        userId: user.id,
        kind,
        epoch: user.epoch,
        seed,
        ip: ip.slice(0, 64),
        userAgent: userAgent.slice(0, 300),
        expiresAt: toTimestamp(fromTimestamp(t.now()) + sessionDays * DAY_MS),
      })
      const first = refreshToken(keys, { sessionId: id, generation: 0 }, seed)
      return { userId: user.id, sessionId: id, refreshToken: first, expiresAt }
    },
    find: async (ctx, id, kind) => {
      const found = await live(ctx, id)
      return found?.kind === kind ? found : null
    },
    async refresh(ctx, token) {
      const claim = readRefreshToken(token)
      const session = claim && (await live(ctx, claim.sessionId))
      if (!claim || session?.kind !== 'bearer') throw authErrors['auth.refresh_refused']({})
      const seed = await ctx.repo(Session).reveal(session.id, 'seed')
      if (seed === null || !isGenuine(keys, claim, seed)) throw authErrors['auth.refresh_refused']({})
      if (!(await ctx.tx((t) => advance(t, claim)))) {
        ctx.log.warn(
          { userId: session.userId, sessionId: session.id },
          'a refresh token was used again: its session is over',
        )
        throw authErrors['auth.refresh_refused']({})
      }
      const next: RefreshClaim = { sessionId: session.id, generation: claim.generation + 1 }
      return { userId: session.userId, sessionId: session.id, refreshToken: refreshToken(keys, next, seed) }
    },
    async list(ctx: Db, userId) {
      const ids = await ctx.db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.userId')
        .select('sessions.id')
        .where('sessions.userId', '=', userId)
        .where('sessions.endedAt', 'is', null)
        .where('sessions.expiresAt', '>', ctx.now())
        .whereRef('sessions.epoch', '=', 'users.epoch')
        .orderBy('sessions.createdAt', 'desc')
        .limit(100)
        .execute()
      return ctx.repo(Session).getMany(ids.map(({ id }) => id))
    },
    async end(t, userId, id, endedReason) {
      const session = await t.repo(Session).find(id)
      // Another's is not there, as one that never was.
      await t.repo(Session).get(session?.userId === userId ? id : NOBODYS)
      if (session?.endedAt !== null) return
      await t.repo(Session).patch(id, { endedAt: t.now(), endedReason })
      if (endedReason === 'revoked') await t.get(KnownDevices).forget(t, userId, session)
    },
    async endAll(t: Tx<AuthTables>, userId, { but } = {}) {
      await t.lock(User, [userId])
      const epoch = (await t.repo(User).get(userId)).epoch + 1
      await t.repo(User).patch(userId, { epoch })
      if (but === undefined) return
      await t.projection(WHY, (db) =>
        db
          .updateTable('sessions')
          .set({ epoch })
          .where('id', '=', but)
          .where('userId', '=', userId)
          .where('endedAt', 'is', null)
          .execute(),
      )
    },
  }
}

const NOBODYS = '00000000-0000-0000-0000-000000000000'

async function live(ctx: Db, id: string): Promise<LiveSession | null> {
  const found = await ctx.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select(['sessions.id', 'sessions.kind', 'sessions.userId', 'sessions.expiresAt', 'users.email'])
    .where('sessions.id', '=', id)
    .where('sessions.endedAt', 'is', null)
    .where('sessions.expiresAt', '>', ctx.now())
    .where('users.active', '=', true)
    .whereRef('sessions.epoch', '=', 'users.epoch')
    .executeTakeFirst()
  return found ?? null
}

/** Whether the token may have a successor; else its session is over now. */
async function advance(t: Tx<AuthTables>, { sessionId, generation }: RefreshClaim): Promise<boolean> {
  const now = t.now()
  // One statement decides who is first; whoever waited for it finds another generation.
  const first = await t.projection(WHY, (db) =>
    db
      .updateTable('sessions')
      .set({ generation: generation + 1, refreshedAt: now })
      .where('id', '=', sessionId)
      .where('generation', '=', generation)
      .where('endedAt', 'is', null)
      .executeTakeFirst(),
  )
  if (first.numUpdatedRows === 1n) return true
  const session = await t.repo(Session).find(sessionId)
  if (!session || session.endedAt !== null) return false
  const isGrace =
    session.generation === generation + 1 &&
    session.refreshedAt !== null &&
    fromTimestamp(now) - fromTimestamp(session.refreshedAt) <= GRACE_MS
  if (isGrace) return true
  await t.repo(Session).patch(sessionId, { endedAt: now, endedReason: 'reused' })
  await t
    .get(Audit)
    .record(t, { action: 'auth.refresh-token-reused', entity: Session.name, rowId: sessionId })
  return false
}
