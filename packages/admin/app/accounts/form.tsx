import { ApiError, t } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { problemText } from './problem.ts'

/** A form that is on its way, or came back. */
export interface Submission {
  readonly busy: boolean
  readonly error: ApiError | null
  readonly submit: (event: Event) => void
}

/** Sends a form once at a time; what the server refuses is kept until the next try. */
export function useSubmission(send: () => Promise<void>): Submission {
  const [{ busy, error }, set] = useState<{ busy: boolean; error: ApiError | null }>({
    busy: false,
    error: null,
  })
  const run = async (): Promise<void> => {
    set({ busy: true, error: null })
    try {
      await send()
      set({ busy: false, error: null })
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught
      set({ busy: false, error: caught })
    }
  }
  return {
    busy,
    error,
    submit: (event) => {
      event.preventDefault()
      if (!busy) void run()
    },
  }
}

/** The fields, what is wrong with all of them, and one button. */
export function Form({
  submission: { busy, error, submit },
  action,
  problem = error && !isOfFields(error) ? problemText(error) : null,
  children,
}: {
  readonly submission: Submission
  /** What the button says. */
  readonly action: string
  /** Instead of what the server said. */
  readonly problem?: string | null
  readonly children: ComponentChildren
}) {
  return (
    <form onSubmit={submit} aria-busy={busy}>
      <div role="alert">{problem && <p class="wrong notice">{problem}</p>}</div>
      {children}
      <button type="submit" class="main" aria-disabled={busy}>
        {busy ? t('moment') : action}
      </button>
    </form>
  )
}

const FIELDS: readonly string[] = ['email', 'password', 'name', 'code', 'otp', 'recoveryCode', 'token']

/** Said beside the fields already. */
function isOfFields(error: ApiError): boolean {
  return Object.keys(error.fields).some((name) => FIELDS.includes(name))
}
