import { t } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { brand, loadBrand } from './brand.ts'
import { Frame } from './frame.tsx'
import { page } from './place.ts'
import { problemText } from './problem.ts'
import { SignIn } from './sign-in.tsx'

const others = signal<Readonly<Record<string, FunctionComponent>>>({})

/** Loads the page that the address says, unless it is the one that everybody needs. */
export async function loadPage(): Promise<void> {
  if (page.value !== 'sign-in') others.value = (await import('./other-pages.ts')).otherPages
}

/** All pages for whoever is not signed in. */
export function Accounts() {
  const known = brand.value
  if (known === 'none') return <Frame title={t('no_accounts')} lead={t('no_accounts.text')} />
  if (known instanceof Error)
    return (
      <Frame title={t('problem.title')} lead={problemText(known)}>
        <button type="button" class="main" onClick={() => void loadBrand()}>
          {t('retry')}
        </button>
      </Frame>
    )
  const Page = page.value === 'sign-in' ? SignIn : others.value[page.value]
  return Page ? <Page key={page.value} /> : null
}
