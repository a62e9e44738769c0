import type { Ctx, Mail } from '@clientele/core'
import { TenantSettings } from '@clientele/core'
import { AuthConfigured, publicUrl } from '../auth.config.ts'
import type { Locale } from '../user/user.entity.ts'

const WORDS: Readonly<Record<Locale, { readonly subject: string; readonly text: string }>> = {
  en: {
    subject: 'You are invited to {shop}',
    text: `You are asked to work in {shop} at {app}.

Open this page to accept:

{link}

or enter this code where you are asked for it:

{token}

It works once, until {until}, and only for this address. You expected nothing? Then you need not do anything.
`,
  },
  pt: {
    subject: 'Convite para {shop}',
    text: `Você foi convidado a trabalhar em {shop}, no {app}.

Abra esta página para aceitar:

{link}

ou digite este código onde ele for pedido:

{token}

Ele vale uma vez, até {until}, e só para este endereço. Não esperava por isto? Então não precisa fazer nada.
`,
  },
}

/** The mail with an invitation's token. It stands behind the `#` of the link, which browsers send to no server. */
export async function invitationMail(
  ctx: Ctx,
  to: { readonly email: string; readonly locale: Locale; readonly token: string; readonly expiresAt: string },
): Promise<Mail> {
  const { appName } = ctx.get(AuthConfigured)
  const { name } = await ctx.settings(TenantSettings)
  const values: Readonly<Record<string, string>> = {
    shop: name.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' '),
    app: appName,
    token: to.token,
    until: `${to.expiresAt.slice(0, 16).replace('T', ' ')} UTC`,
    link: `${publicUrl(ctx).replace(/\/$/, '')}/admin/invitation#${to.token}`,
  }
  const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
  const { subject, text } = WORDS[to.locale]
  const { expiresAt } = to
  return { to: to.email, purpose: 'auth.invitation', subject: fill(subject), text: fill(text), expiresAt }
}
