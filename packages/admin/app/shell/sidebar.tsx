import { Icon, Link, session, t, usePlace, type PanelDescription } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import { JobsTray } from '../jobs/jobs-tray.tsx'
import { isMac } from '../palette/keys.ts'
import { openPalette } from '../palette/palette.tsx'
import { navigationItems, SECTIONS } from './panels.ts'
import { TenantSwitch } from './tenants.tsx'
import { UserMenu } from './user-menu.tsx'

/** The way to every page; a narrow window shows it on demand. */
export function Sidebar({ panels }: { readonly panels: readonly PanelDescription[] }) {
  const [isOpen, setOpen] = useState(false)
  const { path } = usePlace()
  useEffect(() => setOpen(false), [path])
  const items = navigationItems(panels)
  return (
    <aside class={isOpen ? 'sidebar open' : 'sidebar'}>
      <div class="brand">
        <button
          type="button"
          class="plain icon menu"
          aria-expanded={isOpen}
          aria-controls="navigation"
          aria-label={t('menu')}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="menu" />
        </button>
        <TenantSwitch name={session.value?.tenant.name ?? 'Clientele'} />
      </div>
      <button
        type="button"
        class="search-box"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => openPalette()}
      >
        <Icon name="search" />
        <span>{t('search')}</span>
        <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <nav id="navigation" aria-label={t('navigation')}>
        <ul>
          <Item to="/" icon="home" text={t('home')} current={path === '/'} />
        </ul>
        {SECTIONS.map((section) => {
          const own = items.filter((one) => one.section === section)
          if (own.length === 0) return null
          return (
            <section key={section} aria-labelledby={`section-${section}`}>
              <h2 id={`section-${section}`}>{t(`section.${section}`)}</h2>
              <ul>
                {own.map(({ to, icon, title }) => (
                  <Item
                    key={to}
                    to={to}
                    icon={icon}
                    text={title}
                    current={path === to || path.startsWith(`${to}/`)}
                  />
                ))}
              </ul>
            </section>
          )
        })}
      </nav>
      <footer>
        <JobsTray />
        <UserMenu />
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
