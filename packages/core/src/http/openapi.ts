import type { Registry } from '../plugin/registry.ts'
import type { Authenticator } from './authenticator.ts'

export interface OpenApiInfo {
  readonly api?: { readonly title?: string; readonly version?: string }
  readonly authenticators?: readonly Authenticator[]
}

/** The OpenAPI 3.1 document of all routes. */
export function openapiDocument(_registry: Registry, _info: OpenApiInfo): Readonly<Record<string, unknown>> {
  return {}
}

/** Schemas that OpenAPI cannot say. */
export function openapiProblems(_registry: Pick<Registry, 'routes'>): string[] {
  return []
}
