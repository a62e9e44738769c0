import { isReachable, isSafeMode, sessionExpired, t } from '@clientele/admin-sdk'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { leaveSafeMode } from './safe-mode.ts'
import { SignInAgain } from './sign-in-again.tsx'

/** What concerns the whole panel. None of it takes away what somebody typed. */
export function Bars() {
  const ref = useRef<HTMLDivElement>(null)
  const [isSigningIn, signIn] = useState(false)
  // What stands beneath them leaves room.
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--bars', `${ref.current!.offsetHeight}px`),
    )
    watch.observe(ref.current!)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    // Beneath a dialog nobody could press the button of a bar.
    signIn(sessionExpired.value && document.querySelector('dialog:modal') !== null)
  }, [sessionExpired.value])
  return (
    <>
      <div ref={ref} class="bars" role="region" aria-label={t('bars')}>
        <div role="alert">
          {!isReachable.value && <p class="bar">{t('offline')}</p>}
          {sessionExpired.value && (
            <p class="bar">
              {t('session.expired')}
              <button type="button" onClick={() => signIn(true)}>
                {t('sign_in')}
              </button>
            </p>
          )}
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
      {isSigningIn && <SignInAgain onClose={() => signIn(false)} />}
    </>
  )
}
