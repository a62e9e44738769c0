import { useLocation } from 'preact-iso/router'
import { base } from './base.ts'

/** Where the panel is: the path below it, and what the query says. */
export interface Place {
  /** `/customers` */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** The present place; a component that asks is drawn anew when it changes. */
export function usePlace(): Place {
  const { path, query } = useLocation()
  return { path: path.slice(base.admin.length) || '/', query }
}

/** Goes to a place of the panel: `/orders?status=paid`. Going back returns. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const url = base.admin + to
  if (replace) history.replaceState(null, '', url)
  else history.pushState(null, '', url)
  // The router listens to this; the browser says it for its own buttons only.
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Changes what the query says and keeps the rest; null takes a name out. Does not add to the history by default. */
export function setQuery(
  changes: Readonly<Record<string, string | null>>,
  { push = false }: { readonly push?: boolean } = {},
): void {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  navigate(location.pathname.slice(base.admin.length) + (text ? `?${text}` : ''), { replace: !push })
}
