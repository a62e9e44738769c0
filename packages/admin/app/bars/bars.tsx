import { isReachable, isSafeMode, sessionExpired, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { leaveSafeMode } from './safe-mode.ts'
import { SignInAgain } from './sign-in-again.tsx'

/** What concerns the whole panel. None of it takes away what somebody typed. */
export function Bars() {
  return (
    <div class="bars" role="region" aria-label={t('bars')}>
      <div role="alert">
        {!isReachable.value && <p class="bar">{t('offline')}</p>}
        {sessionExpired.value && <Expired />}
      </div>
      {isSafeMode() && (
        <p class="bar quiet">
          {t('safe_mode')}
          <button type="button" onClick={leaveSafeMode}>
            {t('safe_mode.leave')}
          </button>
        </p>
      )}
    </div>
  )
}

function Expired() {
  const [isOpen, setOpen] = useState(false)
  return (
    <p class="bar">
      {t('session.expired')}
      <button type="button" onClick={() => setOpen(true)}>
        {t('sign_in')}
      </button>
      {isOpen && <SignInAgain onClose={() => setOpen(false)} />}
    </p>
  )
}
