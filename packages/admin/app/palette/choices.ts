import { commands, manifest, navigate, panelTitle, t, type PanelDescription } from '@clientele/admin-sdk'
import { navigationItems } from '../shell/panels.ts'
import { recentPaths } from './recent.ts'

/** One thing that the palette does. */
export interface Choice {
  readonly id: string
  readonly title: string
  readonly icon: string
  readonly group: 'recent' | 'pages' | 'create' | 'commands' | 'records'
  /** What kind of thing it is. */
  readonly hint?: string
  readonly run: () => void
}

/** All that can be chosen before anything is typed, the last pages first. */
export function choicesOf(panels: readonly PanelDescription[]): readonly Choice[] {
  const places = [{ to: '/', icon: 'home', title: t('home') }, ...navigationItems(panels)]
  const page = ({ to, icon, title }: (typeof places)[number], group: 'recent' | 'pages'): Choice => ({
    id: `${group}:${to}`,
    title,
    icon,
    group,
    run: () => navigate(to),
  })
  // The newest is where one is already.
  const recent = recentPaths()
    .slice(1, 4)
    .flatMap((path) => places.filter(({ to }) => to === path))
  return [
    ...recent.map((one) => page(one, 'recent')),
    ...places.map((one) => page(one, 'pages')),
    ...creations(panels),
    ...(manifest.value?.commands ?? []).map((one): Choice => ({
      id: `command:${one.plugin}.${one.id}`,
      title: t(one.title),
      icon: one.icon ?? 'right',
      group: 'commands',
      run: () => navigate(one.to),
    })),
    ...commands.value.map((one): Choice => ({ icon: 'right', ...one, group: 'commands' })),
  ]
}

function creations(panels: readonly PanelDescription[]): readonly Choice[] {
  return panels.flatMap((panel): readonly Choice[] => {
    const entity = 'entity' in panel.shows ? manifest.value?.entities[panel.shows.entity] : undefined
    if (!entity?.writable || panel.section === null) return []
    return [
      {
        id: `create:${panel.id}`,
        title: t('palette.create.what', { what: panelTitle(panel) }),
        icon: 'plus',
        group: 'create',
        run: () => navigate(`${panel.path}?create=1`),
      },
    ]
  })
}

/** Those that hold every word, wherever it stands and whatever its accents. */
export function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  const words = fold(text).split(/\s+/).filter(Boolean)
  if (words.length === 0) return choices
  // What is recent is among the pages, too.
  return choices.filter(
    ({ title, group }) => group !== 'recent' && words.every((word) => fold(title).includes(word)),
  )
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
