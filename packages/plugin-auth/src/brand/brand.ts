import { BrandSettings, TenantContexts, TenantSettings, type Ctx } from '@clientele/core'
import { AuthConfigured } from '../auth.config.ts'
import type { AuthTables } from '../auth.tables.ts'
import { readableOn } from './accent.ts'

/** How an installation, or one tenant of it, looks to people. */
export interface Brand {
  readonly name: string
  /** An https address, or a small picture itself as a data URL. */
  readonly logoUrl: string | null
  /** The accent on light backgrounds, `#3355dd`. */
  readonly color: string
  /** The accent on dark ones. */
  readonly darkColor: string
}

/** The darkest background that the accent for dark ones is made for. */
const DARK = '#16181d'

/** That of the context's tenant; of the whole instance, its name in plain colours. */
export async function brandOf(ctx: Ctx): Promise<Brand> {
  const { appName } = ctx.get(AuthConfigured)
  if (ctx.tenantId === '*') return shown(appName, BrandSettings.schema.parse({}))
  const { name } = await ctx.settings(TenantSettings)
  const isNamed = name !== TenantSettings.schema.parse({}).name
  return shown(isNamed ? name : appName, await ctx.settings(BrandSettings))
}

/**
 * That of mails to an address: of the context's tenant, else of the only one they work in. Which host a request named
 * does not matter, so that no tenant sends mails in its name to people who have nothing to do with it.
 */
export async function brandFor(ctx: Ctx<AuthTables>, email: string): Promise<Brand> {
  if (ctx.tenantId !== '*') return brandOf(ctx)
  const places = await ctx.db
    .selectFrom('userTenants')
    .innerJoin('users', 'users.id', 'userTenants.userId')
    .select('userTenants.tenantId')
    .where('users.email', '=', email)
    .limit(2)
    .execute()
  const [only, another] = places
  return only && !another ? brandOf(ctx.get(TenantContexts).open(ctx, only.tenantId)) : brandOf(ctx)
}

function shown(
  name: string,
  { logoUrl, color, darkColor }: { logoUrl: string | null; color: string; darkColor: string | null },
): Brand {
  return { name, logoUrl, color, darkColor: darkColor ?? readableOn(color, DARK) }
}
