import { call, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { asked, askCode } from './asked-code.ts'
import { CodeField } from './code-field.tsx'
import { EmailField, NewPasswordField } from './fields.tsx'
import { Form, useSubmission } from './form.tsx'
import { Frame, To } from './frame.tsx'
import { fieldProblem } from './problem.ts'
import { Resend } from './resend.tsx'

/** Another password by a code: the address, then the code and the password, then the way in. */
export function ForgotPassword() {
  const [isDone, setDone] = useState(false)
  if (isDone)
    return (
      <Frame
        title={t('reset.done')}
        lead={t('reset.done.text')}
        foot={<To page="sign-in" text="sign_in" />}
      />
    )
  return asked.value ? <Reset onDone={() => setDone(true)} /> : <Ask />
}

function Ask() {
  const [email, setEmail] = useState('')
  const submission = useSubmission(() => askCode('/api/auth/forgot-password', { email }))
  return (
    <Frame title={t('forgot')} lead={t('forgot.lead')} foot={<To page="sign-in" text="sign_in.instead" />}>
      <Form submission={submission} action={t('forgot.send')}>
        <EmailField
          autoFocus
          value={email}
          error={fieldProblem(submission.error, 'email')}
          onValue={setEmail}
        />
      </Form>
    </Frame>
  )
}

function Reset({ onDone }: { readonly onDone: () => void }) {
  const waiting = asked.value!
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const submission = useSubmission(async () => {
    await call('/api/auth/reset-password', { body: { requestId: waiting.requestId, code, password } })
    asked.value = null
    onDone()
  })
  return (
    <Frame
      title={t('reset')}
      lead={t('reset.lead', { email: waiting.email })}
      foot={
        <>
          <Resend asked={waiting} />
          <button type="button" class="plain" onClick={() => (asked.value = null)}>
            {t('code.other_address')}
          </button>
        </>
      }
    >
      <Form submission={submission} action={t('reset.set')}>
        <CodeField
          label={t('code')}
          hint={t('code.hint')}
          name="code"
          value={code}
          error={fieldProblem(submission.error, 'code')}
          onValue={setCode}
        />
        <NewPasswordField
          label={t('password.new')}
          value={password}
          error={fieldProblem(submission.error, 'password')}
          onValue={setPassword}
        />
      </Form>
    </Frame>
  )
}
