import type { Ctx } from '@clientele/core'
import { AuthConfigured, publicUrl } from '../auth.config.ts'
import type { AuthConfig } from '../auth.options.ts'

/** The address of a page for people, under the one place where they reach this installation. */
export function pageUrl(ctx: Ctx, page: keyof AuthConfig['pages'], token = ''): string {
  const path = ctx.get(AuthConfigured).pages[page].replaceAll('{token}', encodeURIComponent(token))
  return `${publicUrl(ctx).replace(/\/+$/, '')}${path}`
}
