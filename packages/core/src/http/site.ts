import { defineExtensionPoint } from '../plugin/extension-point.ts'
import type { Registry } from '../plugin/registry.ts'
import type { HttpRequest, HttpResponse } from './request.ts'

/**
 * Pages for people below one path, such as the admin panel: no tenant, no actor, no permission. What they show comes from
 * routes, which have all three.
 */
export interface Site {
  /** One segment: `/admin`. Everything below it belongs to the site, but for paths of routes. */
  readonly path: `/${string}`
  /** @param request `GET` and `HEAD` only; its `url` still begins with the site's path */
  respond(request: HttpRequest, about: SiteRequest): Promise<HttpResponse>
}

/** What a site is told besides the request. */
export interface SiteRequest {
  /** Belongs into the header `x-request-id`. */
  readonly requestId: string
  /** What the installed plugins declare. */
  readonly registry: Registry
}

/** Where plugins add sites. */
export const Sites = defineExtensionPoint<Site>('core.sites')
