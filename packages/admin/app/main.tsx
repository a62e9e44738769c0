import { addWords, Navigation, sdkWords } from '@clientele/admin-sdk'
import { render } from 'preact'
import { applyLanguage } from './preferences/language.ts'
import { applyTheme } from './preferences/theme.ts'
import { Shell } from './shell/shell.tsx'
import { start } from './start.ts'
import { en } from './words/en.ts'
import { pt } from './words/pt.ts'

applyTheme()
addWords(sdkWords)
addWords({ en, pt })
applyLanguage()
render(
  <Navigation>
    <Shell />
  </Navigation>,
  document.body,
)
await start()
