import { t } from '@clientele/admin-sdk'
import { useEffect } from 'preact/hooks'
import { brand } from './brand.ts'
import { Credentials } from './credentials.tsx'
import { Frame, To } from './frame.tsx'
import { enter, go } from './place.ts'

/** Where everybody begins. As long as nobody runs the installation, it leads to where that is mended. */
export function SignIn() {
  const known = brand.value
  const { needsOperator = false, registration = 'invite' } =
    typeof known === 'object' && 'color' in known ? known : {}
  useEffect(() => {
    if (needsOperator && !wasLed) go('set-up')
    wasLed = true
  }, [])
  return (
    <Frame
      title={t('sign_in')}
      foot={
        <>
          <To page="forgot-password" text="forgot" />
          {registration === 'open' && <To page="sign-up" text="sign_up" />}
        </>
      }
    >
      <Credentials onDone={enter} />
    </Frame>
  )
}

/** Accounts can be made by the host as well: whoever comes back from the setup signs in. */
let wasLed = false
