import { Menu, session, t, type MenuItem } from '@clientele/admin-sdk'
import { openShortcuts } from '../palette/shortcuts.tsx'
import { chooseLanguage, LANGUAGES, language } from '../preferences/language.ts'
import { chooseTheme, theme, THEMES } from '../preferences/theme.ts'
import { useMe } from './me.ts'
import { signOut } from './sign-out.ts'

/** Who is signed in, how the panel looks to them, and the way out. */
export function UserMenu() {
  const me = useMe()
  const name = me?.name || me?.email || session.value?.actor.id || ''
  const items: readonly MenuItem[] = [
    ...THEMES.map((one, place) => ({
      id: `theme-${one}`,
      label: t(`theme.${one}`),
      isChecked: theme.value === one,
      onSelect: () => chooseTheme(one),
      ...(place === 0 ? { heading: t('theme') } : {}),
    })),
    ...[null, ...Object.keys(LANGUAGES)].map((code, place) => ({
      id: `language-${code}`,
      label: code === null ? t('language.own') : LANGUAGES[code]!,
      isChecked: language.value === code,
      onSelect: () => chooseLanguage(code),
      ...(place === 0 ? { heading: t('language') } : {}),
    })),
    { id: 'shortcuts', label: t('shortcuts'), isSeparated: true, onSelect: openShortcuts },
    { id: 'sign-out', label: t('sign_out'), icon: 'out', onSelect: () => void signOut() },
  ]
  return (
    <Menu
      class="plain user"
      icon="user"
      label={<span>{name}</span>}
      title={t('user.menu', { name })}
      items={items}
    />
  )
}
