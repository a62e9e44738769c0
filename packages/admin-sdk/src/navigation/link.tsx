import type { AnchorHTMLAttributes, ComponentChildren } from 'preact'
import { base } from './base.ts'

interface LinkProps extends Omit<AnchorHTMLAttributes, 'href' | 'role'> {
  /** A place of the panel: `/customers?open=1`. */
  readonly to: string
  readonly children: ComponentChildren
}

/** A link to a place of the panel. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a {...rest} href={base.admin + to}>
      {children}
    </a>
  )
}
