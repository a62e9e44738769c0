import { coreErrors, defineService, isProduction, Mailer, type Ctx } from '@clientele/core'
import type { AuthConfig } from './auth.options.ts'

/** What the host set. */
export const AuthConfigured = defineService<AuthConfig>('auth.configured')

/** Where people reach this installation: as the host says here, or for its mails. */
export function publicUrl(ctx: Ctx): string {
  return givenUrl(ctx) ?? 'http://localhost:3000'
}

/**
 * Refuses a start in production where nobody said where people come to: cookies would lack their protection, links in
 * mails and the issuer of tokens would name the reader's own machine.
 *
 * @throws `config.invalid`
 */
export function requirePublicUrl(ctx: Ctx): void {
  if (!isProduction()) return
  const url = givenUrl(ctx)
  if (url === null) throw coreErrors['config.invalid']({ problems: [NOWHERE] })
  if (new URL(url).protocol === 'http:')
    ctx.log.warn({ url }, 'accounts are reached over http: anybody in between can read passwords and cookies')
}

const NOWHERE =
  'auth() does not know where people reach this installation and NODE_ENV is "production"; set mail.baseUrl, or auth({ baseUrl }), such as \'https://shop.example\''

function givenUrl(ctx: Ctx): string | null {
  return ctx.get(AuthConfigured).baseUrl ?? ctx.get(Mailer).baseUrl(ctx)
}
