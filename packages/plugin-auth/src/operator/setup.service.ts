import {
  Audit,
  coreErrors,
  defineService,
  isClienteleError,
  isSameSecret,
  Keys,
  type Ctx,
} from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { TenantMembers, SUPER_ADMIN } from '../member/member.service.ts'
import { Passwords } from '../password/password.service.ts'
import { Sessions } from '../session/session.service.ts'
import { User } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { Setup } from './setup.entity.ts'

/** Who becomes the first operator. */
export interface FirstOperator {
  /** As it was printed at the start. */
  readonly token: string
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
}

/**
 * The first operator. Until there is one, each start prints a token; it is worked out from the key ring, so all
 * processes print the same and nothing is stored. It works once, however many use it at the same time.
 */
export interface SetupService {
  isDone(ctx: Ctx): Promise<boolean>
  token(ctx: Ctx): string
  /**
   * Makes the operator; with one tenant they are its super admin, too.
   * @throws `http.not_found` once it is done, `auth.wrong_setup_token`, `auth.weak_password`
   */
  run(ctx: Ctx, operator: FirstOperator): Promise<{ readonly userId: string }>
}

/** The service: `ctx.get(Setups)`. */
export const Setups = defineService<SetupService>('auth.setup')

const PATH = '/api/v1/operator/setup'

export function createSetupService(): SetupService {
  const isDone: SetupService['isDone'] = async (ctx) =>
    (await ctx.db.selectFrom('setups').select('id').limit(1).executeTakeFirst()) !== undefined
  const token: SetupService['token'] = (ctx) => ctx.get(Keys).hashes(ctx, 'auth.setup', 'first operator')[0]
  return {
    isDone,
    token,
    async run(ctx, { token: sent, email, password, name = '' }) {
      if (await isDone(ctx)) throw gone()
      if (!isSameSecret(sent, token(ctx))) throw memberErrors['auth.wrong_setup_token']({})
      ctx.get(Passwords).require(password, email)
      const passwordHash = await ctx.get(Passwords).hash(ctx, password)
      try {
        return await ctx.tx(async (t) => {
          const userId = t.newId()
          // First, so that others wait here or are refused: it is unique.
          await t.repo(Setup).insert({ what: 'operator', userId })
          const known = await t.get(Users).findByEmail(t, email)
          const person = { passwordHash, isOperator: true, verifiedAt: t.now(), active: true }
          const user = known
            ? await t.repo(User).patch(known.id, person)
            : await t.repo(User).insert({ id: userId, email, name, ...person })
          // Whoever was signed in to the account before was no operator.
          if (known) await t.get(Sessions).endAll(t, user.id)
          const actor = { kind: 'operator', id: user.id } as const
          await t
            .get(Audit)
            .record(t, { action: 'auth.operator-set-up', entity: User.name, rowId: user.id, actor })
          if (t.tenantId !== '*') await t.get(TenantMembers).add(t, user.id, SUPER_ADMIN)
          return { userId: user.id }
        })
      } catch (error) {
        if (isClienteleError(error) && error.code === 'entity.conflict' && (await isDone(ctx))) throw gone()
        throw error
      }
    },
  }
}

/** As a path that nobody serves. */
function gone(): Error {
  return coreErrors['http.not_found']({ method: 'POST', path: PATH })
}

/** Tells whoever reads the log how to begin, until somebody has. */
export async function printSetupToken(ctx: Ctx): Promise<void> {
  const setups = ctx.get(Setups)
  if (await setups.isDone(ctx)) return
  // Under the name of a token it would be redacted, and this one has to be read.
  ctx.log.warn(
    { setup: `POST ${PATH}`, setupWith: setups.token(ctx) },
    'there is no operator yet: send this token with an address and a password; it works once',
  )
}
