import { ErrorState, Loading, manifest, t, Toasts } from '@clientele/admin-sdk'
import { Bars } from '../bars/bars.tsx'
import { Palette } from '../palette/palette.tsx'
import { Shortcuts } from '../palette/shortcuts.tsx'
import { obstacle, start } from '../start.ts'
import { Main } from './main.tsx'
import { Sidebar } from './sidebar.tsx'
import { ChooseTenant } from './tenants.tsx'

/** The whole panel. */
export function Shell() {
  const known = manifest.value
  const inTheWay = obstacle.value
  if (inTheWay === 'choose-tenant') return <ChooseTenant />
  if (inTheWay !== null)
    return (
      <main class="alone">
        <ErrorState error={inTheWay} retry={() => void start()} />
      </main>
    )
  if (!known) return <Loading />
  return (
    <>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <Bars />
      <div class="shell">
        <Sidebar panels={known.panels} />
        <Main panels={known.panels} />
      </div>
      <Palette panels={known.panels} />
      <Shortcuts />
      <Toasts />
    </>
  )
}
