import { reply, type Ctx, type Reply, type RouteRequest } from '@clientele/core'
import * as z from 'zod'
import type { UserRow } from '../user/user.entity.ts'
import { setCookie } from './cookie.ts'
import { requireSameSite } from './same-site.ts'
import { SignIn } from './sign-in.service.ts'

/** How somebody wants to stay signed in. */
export const wayIn = z
  .enum(['bearer', 'cookie'])
  .default('bearer')
  .describe('`bearer`: tokens for a program; `cookie`: a session for a browser, whose pages never see it')

/** Who is signed in gets this; with a cookie only how long it lasts. */
export const signedIn = z.object({
  accessToken: z.string().optional(),
  tokenType: z.literal('Bearer').optional(),
  expiresIn: z.int().describe('Seconds until the access token, or the session of a cookie, is over'),
  refreshToken: z.string().optional().describe('Good once, for the next tokens'),
})

/** Signs somebody in: first from where is checked, then who. */
export async function signInReply(
  ctx: Ctx,
  { headers, ip }: Pick<RouteRequest, 'headers' | 'ip'>,
  { as, find }: { readonly as: 'bearer' | 'cookie'; readonly find: () => Promise<UserRow> },
): Promise<Reply<z.infer<typeof signedIn>>> {
  if (as === 'cookie') requireSameSite(ctx, { method: 'POST', headers })
  const user = await find()
  const device = { ip, userAgent: headers['user-agent'] ?? '' }
  const noStore = { 'cache-control': 'no-store' }
  if (as === 'bearer') return reply(await ctx.get(SignIn).bearer(ctx, user, device), { headers: noStore })
  const { cookie: value, maxAgeSeconds } = await ctx.get(SignIn).cookie(ctx, user, device)
  return reply(
    { expiresIn: maxAgeSeconds },
    { headers: { ...noStore, 'set-cookie': setCookie(ctx, { value, maxAgeSeconds }) } },
  )
}
