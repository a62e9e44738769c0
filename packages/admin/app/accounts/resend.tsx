import { ApiError, t } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import type { AskedCode } from './asked-code.ts'
import { problemText } from './problem.ts'

/** How long somebody waits before they may ask again, in seconds: mails take a moment, and five an hour are the most. */
const PATIENCE = 60

/** Asks for another code, which ends the one before. */
export function Resend({ asked: { requestId, again } }: { readonly asked: AskedCode }) {
  const [left, setLeft] = useState(PATIENCE)
  const [note, setNote] = useState('')
  useEffect(() => {
    setLeft(PATIENCE)
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000)
    return () => clearInterval(timer)
  }, [requestId])
  const send = async (): Promise<void> => {
    try {
      await again()
      setNote(t('resent'))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setNote(problemText(error))
    }
  }
  return (
    <>
      <button type="button" class="plain" disabled={left > 0} onClick={() => void send()}>
        {left > 0 ? t('resend.wait', { count: left }) : t('resend')}
      </button>
      <span role="status">{note}</span>
    </>
  )
}
