import { call, t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { asked } from './asked-code.ts'
import { CodeField } from './code-field.tsx'
import { Form, useSubmission } from './form.tsx'
import { Frame, To } from './frame.tsx'
import { enter } from './place.ts'
import { fieldProblem } from './problem.ts'
import { Resend } from './resend.tsx'

/** The code that proves an address; it signs in. A code answers the window that asked for it, and no other. */
export function Code() {
  const [code, setCode] = useState('')
  const waiting = asked.value
  const submission = useSubmission(async () => {
    await call('/api/auth/verify', { body: { requestId: waiting?.requestId, code, as: 'cookie' } })
    enter()
  })
  if (!waiting)
    return (
      <Frame
        title={t('code.lost')}
        lead={t('code.lost.text')}
        foot={
          <>
            <To page="sign-up" text="sign_up" />
            <To page="sign-in" text="sign_in" />
          </>
        }
      />
    )
  return (
    <Frame
      title={t('code.title')}
      lead={t('code.lead', { email: waiting.email })}
      foot={
        <>
          <Resend asked={waiting} />
          <To page="sign-up" text="code.other_address" />
        </>
      }
    >
      <Form submission={submission} action={t('code.confirm')}>
        <CodeField
          label={t('code')}
          hint={t('code.hint')}
          name="code"
          value={code}
          error={fieldProblem(submission.error, 'code')}
          onValue={setCode}
        />
      </Form>
    </Frame>
  )
}
