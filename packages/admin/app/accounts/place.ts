import { base } from '@clientele/admin-sdk'
import { signal, type ReadonlySignal } from '@preact/signals'

const current = signal(read())

/** Which of these pages is shown: `sign-in`. */
export const page: ReadonlySignal<string> = current

/** Goes to another of these pages; `next` goes along, so that nobody loses where they wanted to go. */
export function go(to: string, query: Readonly<Record<string, string>> = {}): void {
  history.pushState(null, '', hrefOf(to, query))
  current.value = read()
}

/** The address of another of these pages. */
export function hrefOf(to: string, query: Readonly<Record<string, string>> = {}): string {
  const wanted = parameter('next')
  const all = new URLSearchParams({ ...query, ...(wanted === null ? {} : { next: wanted }) })
  return `${base.admin}/${to}${all.size > 0 ? `?${all}` : ''}`
}

/** What the address says. Secrets stand behind its `#`: no server and no log of one ever sees them. */
export function parameter(name: string): string | null {
  return (
    new URLSearchParams(location.search).get(name) ?? new URLSearchParams(location.hash.slice(1)).get(name)
  )
}

/** Where whoever signs in wanted to go: a place of the panel, never another site. */
export function enter(): void {
  const wanted = parameter('next') ?? '/'
  location.assign(base.admin + (/^\/(?![/\\])/.test(wanted) ? wanted : '/'))
}

function read(): string {
  return location.pathname.slice(base.admin.length + 1)
}

addEventListener('popstate', () => {
  current.value = read()
})
