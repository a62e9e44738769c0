import { signal, type ReadonlySignal } from '@preact/signals'

/** How the panel looks: light, dark, or as the system is. */
export type Theme = 'system' | 'light' | 'dark'

export const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const KEY = 'clientele.theme'
const chosen = signal<Theme>(read())

/** The chosen theme. */
export const theme: ReadonlySignal<Theme> = chosen

/** Keeps the choice in this browser, and shows it. */
export function chooseTheme(next: Theme): void {
  chosen.value = next
  localStorage.setItem(KEY, next)
  applyTheme()
}

/** Puts the chosen theme on the page. */
export function applyTheme(): void {
  document.documentElement.style.colorScheme = chosen.value === 'system' ? 'light dark' : chosen.value
}

function read(): Theme {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
