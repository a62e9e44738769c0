import { call, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { NameField, NewPasswordField } from './fields.tsx'
import { Form, useSubmission } from './form.tsx'
import { Frame, To } from './frame.tsx'
import { parameter } from './place.ts'
import { fieldProblem } from './problem.ts'

/** Whoever was asked to work here comes in by the token of the mail; those who have an account keep it as it is. */
export function Invitation() {
  const token = parameter('token')
  const [isNew, setNew] = useState(true)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isDone, setDone] = useState(false)
  const submission = useSubmission(async () => {
    await call('/api/auth/invitations/accept', {
      body: { token, ...(isNew ? { password, ...(name ? { name } : {}) } : {}) },
    })
    setDone(true)
  })
  const signIn = <To page="sign-in" text="sign_in" />
  if (!token)
    return <Frame title={t('invitation.no_token')} lead={t('invitation.no_token.text')} foot={signIn} />
  if (isDone) return <Frame title={t('invitation.done')} lead={t('invitation.done.text')} foot={signIn} />
  return (
    <Frame title={t('invitation')} lead={t('invitation.lead')}>
      <Form submission={submission} action={t('invitation.accept')}>
        <fieldset class="either">
          <legend>{t('invitation.who')}</legend>
          <Either text="invitation.new" isOn={isNew} choose={() => setNew(true)} />
          <Either text="invitation.known" isOn={!isNew} choose={() => setNew(false)} />
        </fieldset>
        {isNew && (
          <>
            <NameField value={name} error={fieldProblem(submission.error, 'name')} onValue={setName} />
            <NewPasswordField
              value={password}
              error={fieldProblem(submission.error, 'password')}
              onValue={setPassword}
            />
          </>
        )}
      </Form>
    </Frame>
  )
}

function Either({ text, isOn, choose }: { text: string; isOn: boolean; choose: () => void }) {
  return (
    <label class="check">
      <input type="radio" name="account" checked={isOn} onChange={choose} />
      {t(text)}
    </label>
  )
}
