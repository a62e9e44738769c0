import { t } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Choices } from '../preferences/choices.tsx'
import { brand } from './brand.ts'
import { go, hrefOf } from './place.ts'

/** One of these pages: whose it is, its title, what it is about, and ways on. */
export function Frame({
  title,
  lead,
  children,
  foot,
}: {
  readonly title: string
  readonly lead?: ComponentChildren
  readonly children?: ComponentChildren
  readonly foot?: ComponentChildren
}) {
  const known = brand.value
  const { name, logoUrl } =
    typeof known === 'object' && 'color' in known ? known : { name: 'Clientele', logoUrl: null }
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
  // Whoever does not see that another page came is told; a field that wants the focus keeps it.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus()
  }, [title])
  return (
    <main class="account">
      <div class="sheet">
        <p class="whose">{logoUrl ? <img src={logoUrl} alt={name} /> : <strong>{name}</strong>}</p>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="quiet">{lead}</p>}
        {children}
        {foot && <p class="aside">{foot}</p>}
      </div>
      <footer>
        <Choices />
      </footer>
    </main>
  )
}

/** A way to another of these pages, without loading it anew. */
export function To({ page, text }: { readonly page: string; readonly text: string }) {
  return (
    <a
      href={hrefOf(page)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go(page)
      }}
    >
      {t(text)}
    </a>
  )
}
