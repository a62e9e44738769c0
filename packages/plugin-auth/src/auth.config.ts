import { defineService, Mailer, type Ctx } from '@clientele/core'
import type { AuthConfig } from './auth.options.ts'

/** What the host set. */
export const AuthConfigured = defineService<AuthConfig>('auth.configured')

/** Where people reach this installation: as the host says here, or for its mails. */
export function publicUrl(ctx: Ctx): string {
  return ctx.get(AuthConfigured).baseUrl ?? ctx.get(Mailer).baseUrl(ctx) ?? 'http://localhost:3000'
}
