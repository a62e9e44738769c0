import { locale, setLocale } from '@clientele/admin-sdk'
import { signal, type ReadonlySignal } from '@preact/signals'

/** The languages that the shell speaks, each by its own name. Those of plugins may be more. */
export const LANGUAGES: Readonly<Record<string, string>> = { en: 'English', pt: 'Português' }
const KEY = 'clientele.locale'
const chosen = signal<string | null>(localStorage.getItem(KEY))

/** What somebody chose in this browser; null: the tenant's, or the browser's. */
export const language: ReadonlySignal<string | null> = chosen

/** Keeps the choice in this browser; null goes back to the tenant's. */
export function chooseLanguage(next: string | null): void {
  chosen.value = next
  if (next === null) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, next)
  applyLanguage()
}

/** Says which language the page is in, to those who have it read out. */
export function applyLanguage(): void {
  setLocale(chosen.value)
  document.documentElement.lang = spoken()
}

/** The catalogue that texts come from. */
export function spoken(): string {
  const own = locale().split('-')[0]!.toLowerCase()
  return own in LANGUAGES ? own : 'en'
}
