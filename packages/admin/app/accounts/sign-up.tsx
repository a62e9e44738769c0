import { t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { spoken } from '../preferences/language.ts'
import { askCode } from './asked-code.ts'
import { brand } from './brand.ts'
import { EmailField, NameField, NewPasswordField } from './fields.tsx'
import { Form, useSubmission } from './form.tsx'
import { Frame, To } from './frame.tsx'
import { go } from './place.ts'
import { fieldProblem } from './problem.ts'

/** An account of one's own, where strangers may make one. */
export function SignUp() {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submission = useSubmission(async () => {
    // Mails are written in the languages that the shell speaks.
    await askCode('/api/auth/register', { name, email, password, locale: spoken() })
    go('code')
  })
  const known = brand.value
  const isClosed = typeof known === 'object' && 'color' in known && known.registration === 'invite'
  const signIn = <To page="sign-in" text="sign_in.instead" />
  if (isClosed) return <Frame title={t('sign_up.closed')} lead={t('sign_up.closed.text')} foot={signIn} />
  return (
    <Frame title={t('sign_up')} lead={t('sign_up.lead')} foot={signIn}>
      <Form submission={submission} action={t('sign_up')}>
        <NameField autoFocus value={name} error={fieldProblem(submission.error, 'name')} onValue={setName} />
        <EmailField value={email} error={fieldProblem(submission.error, 'email')} onValue={setEmail} />
        <NewPasswordField
          value={password}
          error={fieldProblem(submission.error, 'password')}
          onValue={setPassword}
        />
      </Form>
    </Frame>
  )
}
