import { Icon, t } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'

type Theme = 'light' | 'dark' | 'system'
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const theme = signal<Theme>(read())

function read(): Theme {
  const kept = localStorage.getItem('clientele.theme')
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** Puts the chosen theme on the page. */
export function applyTheme(): void {
  document.documentElement.style.colorScheme = theme.value === 'system' ? 'light dark' : theme.value
}

/** Light, dark, or as the system is. */
export function ThemeSwitch() {
  const choose = (): void => {
    theme.value = NEXT[theme.value]
    localStorage.setItem('clientele.theme', theme.value)
    applyTheme()
  }
  return (
    <button type="button" class="plain" onClick={choose}>
      <Icon name={theme.value === 'dark' ? 'moon' : 'sun'} />
      {t(`theme.${theme.value}`)}
    </button>
  )
}
