import { Audit, coreErrors, defineService, type Ctx, type Tx } from '@clientele/core'
import { mailLater } from '../mail/send-auth-mail.jobs.ts'
import { memberErrors } from '../members.errors.ts'
import { Sessions } from '../session/session.service.ts'
import { User, type Locale, type UserRow } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { endPending } from './forget-pending.ts'
import { opensUntil } from './pending.ts'

/** Who is to be an operator. */
export interface NewOperator {
  readonly email: string
  /** For somebody without an account. */
  readonly name?: string | undefined
  readonly locale?: Locale | undefined
}

/**
 * Who may do everything, everywhere. Both ways end all sessions of whom they are about, tell them by mail and stand on
 * the record.
 */
export interface OperatorsService {
  /** Those whose address is not proved yet, too; they are none until then. */
  list(ctx: Ctx): Promise<readonly UserRow[]>
  /**
   * Somebody without an account gets one, which they open by proving the address within `operatorDays`; one who has not
   * yet is mailed anew, with the whole time. One who is an operator stays one.
   */
  add(t: Tx, operator: NewOperator): Promise<UserRow>
  /**
   * Who is an operator no longer keeps the account; one that nobody has opened is deleted.
   * @throws `entity.not_found`, `auth.last_operator`, however many try at once
   */
  remove(t: Tx, userId: string): Promise<void>
}

/** The service: `ctx.get(Operators)`. */
export const Operators = defineService<OperatorsService>('auth.operators')

export function createOperatorsService(): OperatorsService {
  return {
    list: async (ctx) => ctx.repo(User).getMany(await operatorIds(ctx)),
    async add(t, { email, name = '', locale = 'en' }) {
      const known = await t.get(Users).findByEmail(t, email)
      if (known?.isOperator && known.verifiedAt !== null) return known
      // Whoever is signed in to the account now was let in as somebody who may do less.
      if (known) await t.get(Sessions).endAll(t, known.id)
      const operatorExpiresAt = known && known.verifiedAt !== null ? null : opensUntil(t)
      const operator = { isOperator: true, active: true, operatorExpiresAt }
      const user = known
        ? await t.repo(User).patch(known.id, operator)
        : await t.repo(User).insert({ email, name, locale, ...operator })
      await tell(t, user, operatorExpiresAt === null ? 'operator-added' : 'operator-invited')
      return user
    },
    async remove(t, userId) {
      // Under the locks of all: nobody else can take one away meanwhile.
      await t.lock(User, await operatorIds(t))
      const operators = await this.list(t)
      const user = operators.find(({ id }) => id === userId)
      if (!user) throw coreErrors['entity.not_found']({ entity: User.name, id: userId })
      const others = operators.filter(({ id, active, verifiedAt }) => id !== userId && active && verifiedAt)
      if (others.length === 0) throw memberErrors['auth.last_operator']({ userId })
      await t.get(Sessions).endAll(t, userId)
      await tell(t, user, 'operator-removed')
      if (user.verifiedAt === null) await endPending(t, userId)
      else await t.repo(User).patch(userId, { isOperator: false })
    },
  }
}

async function operatorIds(ctx: Ctx): Promise<readonly string[]> {
  const rows = await ctx.db
    .selectFrom('users')
    .select('id')
    .where('isOperator', '=', true)
    .orderBy('id')
    .limit(MOST)
    .execute()
  return rows.map(({ id }) => id)
}

/** More are not listed. */
const MOST = 1000

async function tell(
  t: Tx,
  { id: rowId, email, locale, operatorExpiresAt }: UserRow,
  what: 'operator-added' | 'operator-invited' | 'operator-removed',
): Promise<void> {
  const until = operatorExpiresAt ?? undefined
  await t.get(Audit).record(t, { action: `auth.${what}`, entity: User.name, rowId, details: { email } })
  await mailLater(t, { kind: what, to: email, locale, until })
}
