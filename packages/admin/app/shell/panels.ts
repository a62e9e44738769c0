import { can, panelTitle, t, type PanelDescription } from '@clientele/admin-sdk'

/** The parts of the navigation, in their order. */
export const SECTIONS = ['people', 'sell', 'engage', 'insight', 'more', 'settings'] as const

/** The panel that a path belongs to. */
export function panelAt(panels: readonly PanelDescription[], path: string): PanelDescription | undefined {
  return panels
    .filter((one) => path === one.path || path.startsWith(`${one.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

/** A place of the navigation. */
export interface NavigationItem {
  readonly to: string
  readonly icon: string
  readonly title: string
  readonly section: string
}

/** All of the navigation: what plugins show, and the shell's own pages. */
export function navigationItems(panels: readonly PanelDescription[]): readonly NavigationItem[] {
  const own = { to: '/plugins', icon: 'plug', title: t('plugins'), section: 'settings' }
  const theirs = panels
    .filter(({ section }) => section !== null)
    .toSorted((a, b) => a.order - b.order || panelTitle(a).localeCompare(panelTitle(b)))
    .map((panel) => ({
      to: panel.path,
      icon: panel.icon ?? 'dot',
      title: panelTitle(panel),
      section: panel.section ?? 'more',
    }))
  return [...theirs, ...(can('plugins:read') ? [own] : [])]
}
