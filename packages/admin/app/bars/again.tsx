import { base, invalidate, loadManifest, session, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { Credentials } from '../accounts/credentials.tsx'
import { useMe } from '../shell/me.ts'

/** The form of the sign-in page. What failed meanwhile is tried again by whoever pressed its button. */
export function Again({ onDone }: { readonly onDone: () => void }) {
  const before = session.value?.actor.id
  const [isOther, setOther] = useState(false)
  const done = async (): Promise<void> => {
    await loadManifest()
    // What is on the page is not for everybody.
    if (session.value?.actor.id !== before) return setOther(true)
    invalidate('/api/')
    onDone()
  }
  const known = useMe()?.email
  if (isOther)
    return (
      <>
        <p>{t('session.other')}</p>
        <a class="button" href={`${base.admin}/`}>
          {t('session.begin')}
        </a>
      </>
    )
  return (
    <>
      <p class="quiet">{t('session.kept')}</p>
      <Credentials known={known} onDone={done} />
    </>
  )
}
