import { addWords } from '@clientele/admin-sdk'
import { effect } from '@preact/signals'
import { render } from 'preact'
import { applyLanguage, spoken } from '../preferences/language.ts'
import { applyTheme } from '../preferences/theme.ts'
import { Accounts, loadPage } from './accounts.tsx'
import { loadBrand } from './brand.ts'
import { en } from './words/en.ts'

applyTheme()
addWords({ en })
applyLanguage()
await Promise.all([loadWords(spoken()), loadBrand(), loadPage()])
render(<Accounts />, document.body)
effect(() => void loadWords(spoken()))
effect(() => void loadPage())

/** Few need another language than English, and then one of them. */
async function loadWords(language: string): Promise<void> {
  if (language === 'pt') addWords({ pt: (await import('./words/pt.ts')).pt })
}
