import type { ComponentChildren } from 'preact'
import { LocationProvider } from 'preact-iso/router'
import { base } from './base.ts'

/** Follows links of the panel and the browser's own buttons without loading the page again; the shell draws it once. */
export function Navigation({ children }: { readonly children: ComponentChildren }) {
  return <LocationProvider scope={base.admin}>{children}</LocationProvider>
}
