import { t } from '@clientele/admin-sdk'
import { chooseLanguage, LANGUAGES, language, spoken } from './language.ts'
import { chooseTheme, theme, THEMES, type Theme } from './theme.ts'

/** In which language and how light the pages are, for whoever is not signed in. */
export function Choices() {
  return (
    <div class="choose">
      <label>
        <span class="unseen">{t('language')}</span>
        <select
          value={language.value ?? spoken()}
          onChange={(event) => chooseLanguage(event.currentTarget.value)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">{t('theme')}</span>
        <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {t(`theme.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
