import { ApiError, base, call, PasswordField, t, TextField } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { next } from './next.ts'

/** Address and password; the second factor when it is asked for. */
export function SignIn() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [otp, setOtp] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await call('/api/auth/token', { body: { email, password, as: 'cookie', ...(otp ? { otp } : {}) } })
      location.assign(base.admin + next())
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'auth.second_factor_needed') setOtp('')
      else setProblem(error.status === 404 ? t('sign_in.no_accounts') : error.message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>{t('sign_in')}</h1>
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
        <TextField
          label={t('email')}
          type="email"
          name="email"
          autocomplete="username"
          required
          value={email}
          onValue={setEmail}
        />
        <PasswordField
          label={t('password')}
          name="password"
          autocomplete="current-password"
          required
          value={password}
          onValue={setPassword}
        />
        {otp !== null && (
          <TextField
            label={t('otp')}
            name="otp"
            inputMode="numeric"
            autocomplete="one-time-code"
            value={otp}
            onValue={setOtp}
          />
        )}
        <button type="submit" class="main" disabled={busy}>
          {t('sign_in')}
        </button>
      </form>
    </main>
  )
}
