import { ApiError, call, PasswordField, t, TextField } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CodeField } from './code-field.tsx'
import { EmailField } from './fields.tsx'
import { Form, useSubmission } from './form.tsx'
import { fieldProblem } from './problem.ts'

/** Address and password; then the second factor, where one is in use. */
export function Credentials({
  known,
  onDone,
}: {
  /** The address of whoever was signed in. */
  readonly known?: string | undefined
  readonly onDone: () => Promise<void> | void
}) {
  const [email, setEmail] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [step, setStep] = useState<'password' | 'otp' | 'recoveryCode'>('password')
  const [factor, setFactor] = useState('')
  const ask = (next: typeof step): void => {
    setStep(next)
    setFactor('')
  }
  const submission = useSubmission(async () => {
    try {
      const second = step === 'password' ? {} : { [step]: factor }
      await call('/api/auth/token', { body: { email, password, as: 'cookie', ...second } })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'auth.second_factor_needed') throw error
      ask('otp')
      return
    }
    await onDone()
  })
  const wrong = (name: string): string | undefined => fieldProblem(submission.error, name)
  if (step === 'password')
    return (
      <Form key="password" submission={submission} action={t('sign_in')}>
        <EmailField autoFocus value={email} error={wrong('email')} onValue={setEmail} />
        <PasswordField
          label={t('password')}
          name="password"
          autocomplete="current-password"
          required
          value={password}
          error={wrong('password')}
          onValue={setPassword}
        />
      </Form>
    )
  const other = step === 'otp' ? 'recoveryCode' : 'otp'
  return (
    <>
      <Form key={step} submission={submission} action={t('sign_in')}>
        {step === 'otp' ? (
          <CodeField
            label={t('otp')}
            hint={t('otp.hint')}
            name="otp"
            value={factor}
            error={wrong('otp')}
            onValue={setFactor}
          />
        ) : (
          <TextField
            label={t('recovery_code')}
            hint={t('recovery_code.hint')}
            name="recoveryCode"
            autocomplete="off"
            required
            autoFocus
            value={factor}
            error={wrong('recoveryCode')}
            onValue={setFactor}
          />
        )}
      </Form>
      <p class="aside">
        <button type="button" class="plain" onClick={() => ask(other)}>
          {t(`use.${other}`)}
        </button>
        <button type="button" class="plain" onClick={() => ask('password')}>
          {t('back')}
        </button>
      </p>
    </>
  )
}
