import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

/** A page: its title, what can be done with all of it, and its content. */
export function Page({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}) {
  useEffect(() => {
    const before = document.title
    document.title = `${title} · ${before.split(' · ').at(-1)}`
    return () => {
      document.title = before
    }
  }, [title])
  return (
    <>
      <header class="page-head">
        <h1>{title}</h1>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}
