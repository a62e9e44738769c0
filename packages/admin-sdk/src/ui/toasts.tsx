import { signal } from '@preact/signals'
import { createPortal } from 'preact'
import { exportJobs, hasExports } from '../job/export-jobs.ts'
import { session } from '../session/session.ts'
import { t } from '../words/words.ts'
import { Icon } from './icon.tsx'
import { lazily } from './lazily.tsx'
import { openDialogs } from './open-dialogs.ts'

interface Toast {
  readonly id: number
  readonly kind: 'done' | 'problem'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const toasts = signal<readonly Toast[]>([])
let made = 0

/** Tells what was done or went wrong. With an action, such as undo, it stays until it is closed. */
export function toast(text: string, options: Omit<Partial<Toast>, 'id' | 'text'> = {}): void {
  const one: Toast = { id: ++made, kind: 'done', text, ...options }
  toasts.value = [...toasts.peek().slice(-3), one]
  if (!one.action && one.kind === 'done') setTimeout(() => close(one.id), 5000)
}

function close(id: number): void {
  toasts.value = toasts.peek().filter((one) => one.id !== id)
}

const Exports = /* @__PURE__ */ lazily<object>(async () => {
  const { ExportNotices: component } = await import('../job/export-notices.tsx')
  return { component }
})

/** Where toasts appear; the shell draws it once. */
export function Toasts() {
  // Beneath a modal dialog nothing can be reached, and nobody is told of it.
  const dialog = openDialogs.value.at(-1)
  const region = (
    <div class="toasts" role="region" aria-label={t('toasts.region')}>
      <div aria-live="polite">
        {toasts.value.map(({ id, kind, text, action }) => (
          <div key={id} class={`toast ${kind}`}>
            <Icon name={kind === 'done' ? 'check' : 'alert'} />
            <span>{text}</span>
            {action && (
              <button type="button" class="plain" onClick={() => (action.run(), close(id))}>
                {action.label}
              </button>
            )}
            <button type="button" class="plain icon" aria-label={t('close')} onClick={() => close(id)}>
              <Icon name="x" />
            </button>
          </div>
        ))}
      </div>
      {session.value && (exportJobs.value.length > 0 || hasExports()) && <Exports />}
    </div>
  )
  return dialog ? createPortal(region, dialog) : region
}
