import { call, PasswordField, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { brand } from './brand.ts'
import { EmailField, NameField, NewPasswordField } from './fields.tsx'
import { Form, useSubmission } from './form.tsx'
import { Frame, To } from './frame.tsx'
import { enter, parameter } from './place.ts'
import { fieldProblem } from './problem.ts'

/** Who makes the installation theirs: the first operator, by the token that the start printed. It works once. */
export function SetUp() {
  const [token, setToken] = useState(parameter('token') ?? '')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submission = useSubmission(async () => {
    await call('/api/v1/operator/setup', { body: { token, email, password, ...(name ? { name } : {}) } })
    await call('/api/auth/token', { body: { email, password, as: 'cookie' } })
    enter()
  })
  const known = brand.value
  const isDone =
    submission.error?.status === 404 ||
    (typeof known === 'object' && 'color' in known && !known.needsOperator)
  if (isDone)
    return (
      <Frame
        title={t('set_up.done')}
        lead={t('set_up.done.text')}
        foot={<To page="sign-in" text="sign_in" />}
      />
    )
  const wrong = (field: string): string | undefined => fieldProblem(submission.error, field)
  return (
    <Frame title={t('set_up')} lead={t('set_up.lead')} foot={<To page="sign-in" text="sign_in.instead" />}>
      <Form submission={submission} action={t('set_up.make')}>
        <PasswordField
          label={t('set_up.token')}
          hint={t('set_up.token.hint')}
          name="token"
          autocomplete="off"
          required
          autoFocus={token === ''}
          value={token}
          error={wrong('token')}
          onValue={(text) => setToken(text.trim())}
        />
        <NameField autoFocus={token !== ''} value={name} error={wrong('name')} onValue={setName} />
        <EmailField value={email} error={wrong('email')} onValue={setEmail} />
        <NewPasswordField value={password} error={wrong('password')} onValue={setPassword} />
      </Form>
    </Frame>
  )
}
