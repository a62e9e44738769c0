import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../words/words.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'

interface ConfirmProps {
  /** The question: `Erase Ana Silva for good?` */
  readonly title: string
  /** What will be lost, and what stays. */
  readonly children?: ComponentChildren
  /** What the button says: the deed, never `OK`. */
  readonly action: string
  /** What the button says that leaves all as it is. @default Cancel */
  readonly keep?: string
  /** Nothing is lost by it: the button is an ordinary one, and has the focus. @default false */
  readonly isHarmless?: boolean
  /** Must be typed first; for what cannot be undone. */
  readonly typed?: string
  /** A refusal stays in the dialog, with its reason. */
  readonly onConfirm: () => void | Promise<void>
  readonly onClose: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({
  title,
  children,
  action,
  keep,
  isHarmless = false,
  typed,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isReady = typed === undefined || text.trim() === typed
  const go = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!isReady || busy) return
    setBusy(true)
    setProblem(null)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setProblem((error as Error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {keep ?? t('cancel')}
          </button>
          <button
            type="submit"
            form="confirm"
            class={isHarmless ? 'main' : 'danger'}
            autofocus={isHarmless}
            disabled={!isReady || busy}
          >
            {action}
          </button>
        </>
      }
    >
      <form id="confirm" onSubmit={(event) => void go(event)}>
        {children}
        {typed !== undefined && (
          <TextField
            label={t('confirm.type', { text: typed })}
            autocomplete="off"
            value={text}
            onValue={setText}
          />
        )}
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  )
}
