import { EmptyState, Link, manifest, Page, session, Slot, t } from '@clientele/admin-sdk'
import { navigationItems } from '../shell/panels.ts'
import { Setup } from './setup.tsx'
import { Stat } from './stat.tsx'

/** The first page: figures and pieces of the plugins, and what is still to be set up. */
export function Home() {
  const { stats = [], slots = [], steps = [], panels = [] } = manifest.value ?? {}
  const isPlain = stats.length === 0 && steps.length === 0 && !slots.some(({ slot }) => slot === 'dashboard')
  return (
    <Page title={t('home')}>
      <div class="home">
        <Setup steps={steps} />
        {stats.length > 0 && (
          <ul class="stats" aria-label={t('home.figures')}>
            {stats.map((stat) => (
              <Stat key={`${stat.plugin}.${stat.id}`} stat={stat} />
            ))}
          </ul>
        )}
        <Slot name="dashboard" tenantId={session.value?.tenant.id} />
        {isPlain && (panels.length > 0 ? <Places /> : <Nothing />)}
      </div>
    </Page>
  )
}

/** Where one can go, as long as no plugin has anything to tell. */
function Places() {
  return (
    <ul class="cards">
      {navigationItems(manifest.value?.panels ?? []).map(({ to, title }) => (
        <li key={to}>
          <Link to={to}>{title}</Link>
        </li>
      ))}
    </ul>
  )
}

function Nothing() {
  return <EmptyState title={t('home.nothing')}>{t('home.nothing.text')}</EmptyState>
}
