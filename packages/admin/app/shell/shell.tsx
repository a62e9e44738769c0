import {
  Boundary,
  EmptyState,
  EntityPanel,
  Icon,
  Link,
  Loading,
  manifest,
  panelTitle,
  PluginView,
  session,
  sessionExpired,
  t,
  Toasts,
  usePlace,
  type PanelDescription,
} from '@clientele/admin-sdk'
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Home } from '../home/home.tsx'
import { Palette, openPalette } from './palette.tsx'
import { ThemeSwitch } from './theme.tsx'
import { signOut } from './sign-out.ts'

const SECTIONS = ['people', 'sell', 'engage', 'insight', 'more', 'settings'] as const

/** The whole panel. */
export function Shell() {
  const known = manifest.value
  if (!known) return <Loading />
  return (
    <>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      {sessionExpired.value && <ExpiredBar />}
      <div class="shell">
        <Sidebar panels={known.panels} />
        <Main panels={known.panels} />
      </div>
      <Palette panels={known.panels} />
      <Toasts />
    </>
  )
}

function Main({ panels }: { readonly panels: readonly PanelDescription[] }) {
  const { path } = usePlace()
  const ref = useRef<HTMLElement>(null)
  const first = useRef(true)
  // Those who do not see the page change are taken to it; a filter that changes leaves them where they are.
  useEffect(() => {
    if (first.current) first.current = false
    else ref.current?.focus()
  }, [path])
  const panel = panels.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  return (
    <main id="main" ref={ref} tabIndex={-1}>
      {path === '/' ? <Home /> : panel ? <Shown panel={panel} /> : <NotFound />}
    </main>
  )
}

function Shown({ panel }: { readonly panel: PanelDescription }) {
  if ('export' in panel.shows)
    return <PluginView key={panel.id} plugin={panel.plugin} name={panel.shows.export} props={{ panel }} />
  const entity = manifest.value?.entities[panel.shows.entity]
  return (
    <Boundary key={panel.id} plugin={panel.plugin}>
      {entity ? <EntityPanel entity={entity} title={panelTitle(panel)} /> : <NotFound />}
    </Boundary>
  )
}

function NotFound() {
  return (
    <EmptyState
      title={t('not_found')}
      action={
        <button type="button" onClick={openPalette}>
          {t('search')}
        </button>
      }
    >
      {t('not_found.text')}
    </EmptyState>
  )
}

function Sidebar({ panels }: { readonly panels: readonly PanelDescription[] }) {
  const open = useSignal(false)
  const { path } = usePlace()
  useEffect(() => {
    open.value = false
  }, [path])
  return (
    <aside class={open.value ? 'sidebar open' : 'sidebar'}>
      <div class="brand">
        <button
          type="button"
          class="plain icon menu"
          aria-expanded={open.value}
          aria-controls="navigation"
          aria-label={t('menu')}
          onClick={() => (open.value = !open.value)}
        >
          <Icon name="menu" />
        </button>
        <strong>{session.value?.tenant.name ?? 'Clientele'}</strong>
      </div>
      <button type="button" class="search-box" onClick={openPalette}>
        <Icon name="search" />
        <span>{t('search')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav id="navigation" aria-label={t('navigation')}>
        <ul>
          <Item to="/" icon="home" text={t('home')} current={path === '/'} />
        </ul>
        {SECTIONS.map((section) => {
          const own = panels.filter((one) => one.section === section).toSorted((a, b) => a.order - b.order)
          if (own.length === 0) return null
          return (
            <section key={section} aria-labelledby={`section-${section}`}>
              <h2 id={`section-${section}`}>{t(`section.${section}`)}</h2>
              <ul>
                {own.map((panel) => (
                  <Item
                    key={panel.id}
                    to={panel.path}
                    icon={panel.icon ?? 'dot'}
                    text={panelTitle(panel)}
                    current={path === panel.path || path.startsWith(`${panel.path}/`)}
                  />
                ))}
              </ul>
            </section>
          )
        })}
      </nav>
      <footer>
        <ThemeSwitch />
        <button type="button" class="plain" onClick={() => void signOut()}>
          <Icon name="out" />
          {t('sign_out')}
        </button>
      </footer>
    </aside>
  )
}

function Item({ to, icon, text, current }: { to: string; icon: string; text: string; current: boolean }) {
  return (
    <li>
      <Link to={to} aria-current={current ? 'page' : undefined}>
        <Icon name={icon} />
        {text}
      </Link>
    </li>
  )
}

/** What was typed stays where it is; another window can sign in again. */
function ExpiredBar() {
  return (
    <div class="bar" role="alert">
      {t('session.expired')} <a href="">{t('sign_in')}</a>
    </div>
  )
}
