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
export function navigate(
  to: string,
  {
    replace = false,
    state = replace ? history.state : null,
  }: { readonly replace?: boolean; readonly state?: unknown } = {},
): void {
  const url = base.admin + to
  if (replace) history.replaceState(state, '', url)
  else history.pushState(state, '', url)
  // The router listens to this; the browser says it for its own buttons only.
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Changes what the query says and keeps the rest; null takes a name out. Does not add to the history by default. */
export function setQuery(
  changes: Readonly<Record<string, string | null>>,
  { push = false, state }: { readonly push?: boolean; readonly state?: unknown } = {},
): void {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  const to = location.pathname.slice(base.admin.length) + (text ? `?${text}` : '')
  navigate(to, { replace: !push, ...(state === undefined ? {} : { state }) })
}
