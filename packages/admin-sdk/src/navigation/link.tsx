import type { AnchorHTMLAttributes, ComponentChildren } from 'preact'
import { base } from './base.ts'

/** A link to a place of the panel. */
export function Link({
  to,
  children,
  ...rest
}: { readonly to: string; readonly children: ComponentChildren } & Omit<AnchorHTMLAttributes, 'href'>) {
  return (
    <a href={base.admin + to} {...rest}>
      {children}
    </a>
  )
}
