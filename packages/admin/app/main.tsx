import { addWords, base, loadManifest, manifest, Navigation } from '@clientele/admin-sdk'
import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import { applyTheme } from './shell/theme.tsx'
import { en } from './words/en.ts'
import { pt } from './words/pt.ts'

applyTheme()
addWords({ en, pt })
render(
  <Navigation>
    <Shell />
  </Navigation>,
  document.body,
)
await loadManifest()
if (manifest.value === null) {
  const next = location.pathname.slice(base.admin.length) + location.search
  location.replace(`${base.admin}/sign-in?next=${encodeURIComponent(next)}`)
}
