import { defineService, fromTimestamp, Secrets, type Ctx, type Tx } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'
import type { AuthTables } from '../auth.tables.ts'
import type { AuthKeys } from '../token/auth-keys.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { RecoveryCode } from './recovery-code.entity.ts'
import { enrolmentOf, stepOf, TOTP_SECRET_BYTES, type TotpEnrolment } from './totp.ts'

/** A second thing besides the password, as somebody presents it. */
export interface SecondFactor {
  readonly otp?: string | undefined
  readonly recoveryCode?: string | undefined
}

/** Authenticator apps (RFC 6238) and the codes on paper that stand in for a lost one. */
export interface TotpService {
  /** A secret that counts once {@link confirm} has seen a code of it. @throws `auth.totp_on` */
  enrol(t: Tx, userId: string): Promise<TotpEnrolment>
  /** Turns it on; answers ten recovery codes, which are never shown again. @throws `auth.wrong_second_factor`, `auth.totp_on` */
  confirm(t: Tx, userId: string, otp: string): Promise<readonly string[]>
  /** Ten others; the old ones are dead. @throws `auth.totp_off` */
  renewRecoveryCodes(t: Tx, userId: string): Promise<readonly string[]>
  /** Turns it off and forgets everything about it. */
  remove(t: Tx, userId: string): Promise<void>
  /** Uses up what is presented: a code is good once, whoever sends it first. */
  use(t: Tx, user: UserRow, factor: SecondFactor): Promise<boolean>
}

export const Totp = defineService<TotpService>('auth.totp')

const RECOVERY_CODES = 10
const WHY = 'which second factors were used, which one statement decides'

export function createTotp(keys: AuthKeys, { appName }: AuthConfig): TotpService {
  const hashesOf = (userId: string, code: string): readonly string[] =>
    keys.macs('recovery-code', `${userId} ${code.toLowerCase().replaceAll(/[\s-]/g, '')}`)
  const renew = async (t: Tx<AuthTables>, userId: string): Promise<readonly string[]> => {
    await forgetCodes(t, userId)
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(t))
    await t
      .repo(RecoveryCode)
      .insertMany(codes.map((code) => ({ userId, codeHash: hashesOf(userId, code)[0]! })))
    return codes
  }
  return {
    async enrol(t, userId) {
      await t.lock(User, [userId])
      const { email, totpConfirmedAt } = await t.repo(User).get(userId)
      if (totpConfirmedAt !== null) throw authErrors['auth.totp_on']({})
      const bytes = Buffer.from(t.get(Secrets).token(t, TOTP_SECRET_BYTES), 'base64url')
      const enrolment = enrolmentOf(bytes, { issuer: appName, label: email })
      await t.repo(User).patch(userId, { totpSecret: enrolment.secret })
      return enrolment
    },
    async confirm(t, userId, otp) {
      await t.lock(User, [userId])
      const { totpConfirmedAt } = await t.repo(User).get(userId)
      if (totpConfirmedAt !== null) throw authErrors['auth.totp_on']({})
      const step = await stepNow(t, userId, otp)
      if (step === null) throw authErrors['auth.wrong_second_factor']({})
      await t.repo(User).patch(userId, { totpConfirmedAt: t.now(), totpLastStep: step })
      return renew(t, userId)
    },
    async renewRecoveryCodes(t, userId) {
      await t.lock(User, [userId])
      const { totpConfirmedAt } = await t.repo(User).get(userId)
      if (totpConfirmedAt === null) throw authErrors['auth.totp_off']({})
      return renew(t, userId)
    },
    async remove(t, userId) {
      await t.lock(User, [userId])
      await t.repo(User).patch(userId, { totpSecret: null, totpConfirmedAt: null, totpLastStep: 0 })
      await forgetCodes(t, userId)
    },
    async use(t: Tx<AuthTables>, { id }, { otp, recoveryCode: code }) {
      if (otp !== undefined) {
        const step = await stepNow(t, id, otp)
        if (step === null) return false
        const { numUpdatedRows } = await t.projection(WHY, (db) =>
          db
            .updateTable('users')
            .set({ totpLastStep: step })
            .where('id', '=', id)
            .where('totpLastStep', '<', step)
            .executeTakeFirst(),
        )
        return numUpdatedRows === 1n
      }
      if (code === undefined) return false
      const { numUpdatedRows } = await t.projection(WHY, (db) =>
        db
          .updateTable('recoveryCodes')
          .set({ usedAt: t.now() })
          .where('userId', '=', id)
          .where('codeHash', 'in', hashesOf(id, code))
          .where('usedAt', 'is', null)
          .executeTakeFirst(),
      )
      return numUpdatedRows === 1n
    },
  }
}

async function stepNow(ctx: Ctx, userId: string, otp: string): Promise<number | null> {
  const secret = await ctx.repo(User).reveal(userId, 'totpSecret')
  return secret === null ? null : stepOf(otp, secret, fromTimestamp(ctx.now()))
}

async function forgetCodes(t: Tx<AuthTables>, userId: string): Promise<void> {
  const old = await t.db.selectFrom('recoveryCodes').select('id').where('userId', '=', userId).execute()
  await t.repo(RecoveryCode).removeMany(old.map(({ id }) => id))
}

/** 79 bits as four groups of four, in letters that nobody mistakes for each other. */
function recoveryCode(ctx: Ctx): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
  const bytes = Buffer.from(ctx.get(Secrets).token(ctx, 32), 'base64url')
  const letters = Array.from({ length: 16 }, (_, n) => alphabet[bytes.readUInt16BE(n * 2) % alphabet.length])
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-')
}
