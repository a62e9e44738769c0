import {
  defineService,
  fromTimestamp,
  isClienteleError,
  Secrets,
  toTimestamp,
  type Ctx,
  type InsertOf,
  type Tx,
} from '@clientele/core'
import type { AuthTables } from '../auth.tables.ts'
import type { AuthKeys } from '../token/auth-keys.ts'
import type { Locale } from '../user/user.entity.ts'
import { Code, type CodePurpose, type CodeRow } from './code.entity.ts'

/** A code that somebody asks for. */
export interface NewCode {
  readonly purpose: CodePurpose
  readonly email: string
  readonly userId: string | null
  /** What is done once the address is proved. */
  readonly name?: string
  readonly locale?: Locale
  readonly passwordHash?: string
}

/** The request, and the code that answers it. */
export interface OpenedCode {
  readonly requestId: string
  readonly code: string
}

/**
 * Six digits by mail. They are stored as an HMAC under the key ring and not as a password hash: a million possible codes
 * are tried against argon2 in hours, whereas without the ring nothing can be tried at all; and a MAC is fast enough to
 * be compared inside the one transaction that counts the try.
 */
export interface CodesService {
  /**
   * A new code, good for 5 minutes and 5 tries; older ones for the same purpose and address are dead.
   * @param real false: nobody will get it and no code is right, but whoever asked cannot tell
   */
  open(t: Tx, wanted: NewCode, options: { readonly real: boolean }): Promise<OpenedCode>
  /**
   * Runs `use` when the code is right, in the transaction that uses it up: of any number at once one gets through.
   * Null when it is wrong, used, over, for something else, or out of tries. A try counts even then.
   */
  take<T>(ctx: Ctx, attempt: CodeAttempt, use: (t: Tx, code: CodeRow) => Promise<T>): Promise<T | null>
}

export interface CodeAttempt extends OpenedCode {
  readonly purpose: CodePurpose
  /** For a code that only one user may use. */
  readonly userId?: string
}

export const Codes = defineService<CodesService>('auth.codes')

export const CODE_SECONDS = 300
const TRIES = 5
/** More than the limits let through. */
const AT_ONCE = 50
const WHY = 'tries of a code, which are counted by one statement'

export function createCodes(keys: AuthKeys): CodesService {
  const hashOf = ({ requestId, code }: OpenedCode): string => keys.mac('code', `${requestId} ${code}`)
  return {
    async open(t: Tx<AuthTables>, wanted, { real }) {
      const opened = { requestId: t.newId(), code: sixDigits(t) }
      const row = {
        ...wanted,
        id: opened.requestId,
        codeHash: real ? hashOf(opened) : null,
        triesLeft: TRIES,
        expiresAt: toTimestamp(fromTimestamp(t.now()) + CODE_SECONDS * 1000),
      }
      await replaceLiving(t, row)
      return opened
    },
    take: (ctx, attempt, use) =>
      ctx.tx(async (t: Tx<AuthTables>) => {
        const row = await countTry(t, attempt)
        if (!row?.codeHash || !keys.isMac('code', `${attempt.requestId} ${attempt.code}`, row.codeHash))
          return null
        await t.projection(WHY, (db) =>
          db.updateTable('codes').set({ usedAt: t.now() }).where('id', '=', row.id).execute(),
        )
        return use(t, await t.repo(Code).get(row.id))
      }),
  }
}

/** Several may ask at once: whoever finds that another was faster kills that one's code, too. */
async function replaceLiving(t: Tx<AuthTables>, row: InsertOf<typeof Code>): Promise<void> {
  for (let tries = 1; ; tries++) {
    await t.projection(WHY, (db) =>
      db
        .updateTable('codes')
        .set({ usedAt: t.now() })
        .where('purpose', '=', row.purpose)
        .where('email', '=', row.email)
        .where('usedAt', 'is', null)
        .execute(),
    )
    try {
      await t.tx((inner) => inner.repo(Code).insert(row))
      return
    } catch (error) {
      if (tries === AT_ONCE || !isClienteleError(error) || error.code !== 'entity.conflict') throw error
    }
  }
}

/** Takes one try, and holds the row until the transaction ends; undefined when there is none to take. */
async function countTry(
  t: Tx<AuthTables>,
  { requestId, purpose, userId }: CodeAttempt,
): Promise<{ readonly id: string; readonly codeHash: string | null } | undefined> {
  return t.projection(WHY, (db) => {
    const update = db
      .updateTable('codes')
      .set((eb) => ({ triesLeft: eb('triesLeft', '-', 1) }))
      .where('id', '=', requestId)
      .where('purpose', '=', purpose)
      .where('triesLeft', '>', 0)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', t.now())
    return (userId === undefined ? update : update.where('userId', '=', userId))
      .returning(['id', 'codeHash'])
      .executeTakeFirst()
  })
}

function sixDigits(ctx: Ctx): string {
  // 48 bits: the remainder favours no code by more than one in 10^8.
  const number = Buffer.from(ctx.get(Secrets).token(ctx, 6), 'base64url').readUIntBE(0, 6)
  return String(number % 1_000_000).padStart(6, '0')
}
