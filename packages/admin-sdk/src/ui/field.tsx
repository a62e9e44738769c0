import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { useId, useState } from 'preact/hooks'
import { t } from '../words/words.ts'
import { Icon } from './icon.tsx'

interface FieldProps {
  readonly label: string
  /** What is wrong with it. */
  readonly error?: string | undefined
  readonly hint?: string | undefined
}

/** A label, one control, a hint, and what is wrong with it. */
export function Field({
  label,
  error,
  hint,
  children,
}: FieldProps & {
  readonly children: (control: {
    id: string
    'aria-describedby'?: string
    'aria-invalid'?: 'true'
  }) => ComponentChildren
}) {
  const id = useId()
  const note = error ?? hint
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(note ? { 'aria-describedby': `${id}-note` } : {}),
        ...(error ? { 'aria-invalid': 'true' } : {}),
      })}
      {note && (
        <p id={`${id}-note`} class={error ? 'wrong' : 'quiet'}>
          {note}
        </p>
      )}
    </div>
  )
}

/** One line of text, or what `type` says. */
export function TextField({
  label,
  error,
  hint,
  onValue,
  ...input
}: FieldProps & { readonly onValue?: (value: string) => void } & InputHTMLAttributes) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <input {...control} {...input} onInput={(event) => onValue?.(event.currentTarget.value)} />
      )}
    </Field>
  )
}

/** A password that can be looked at. */
export function PasswordField({
  label,
  error,
  hint,
  onValue,
  ...input
}: FieldProps & { readonly onValue?: (value: string) => void } & InputHTMLAttributes) {
  const [shown, show] = useState(false)
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <span class="with-button">
          <input
            {...control}
            {...({ ...input, type: shown ? 'text' : 'password' } as object)}
            onInput={(event) => onValue?.(event.currentTarget.value)}
          />
          <button
            type="button"
            class="plain icon"
            aria-label={t('password.show')}
            aria-pressed={shown}
            onClick={() => show(!shown)}
          >
            <Icon name="eye" />
          </button>
        </span>
      )}
    </Field>
  )
}
