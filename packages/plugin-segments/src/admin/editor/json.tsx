import { t } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import type { ControlProps } from './controls.tsx'

/** A value as JSON, for what no other control can draw. What is no JSON yet is kept and said. */
export function JsonInput({ label, value, onValue }: ControlProps) {
  const [typed, setText] = useState(() => textOf(value))
  const parsed = parse(typed)
  const isWrong = parsed === undefined
  // Undo changes the value from outside.
  const text = parsed && JSON.stringify(parsed.value) !== JSON.stringify(value) ? textOf(value) : typed
  return (
    <span class="json">
      <textarea
        rows={Math.min(12, text.split('\n').length + 1)}
        spellcheck={false}
        aria-label={`${label} (JSON)`}
        aria-invalid={isWrong ? 'true' : undefined}
        value={text}
        onInput={(event) => {
          const { value: next } = event.currentTarget
          setText(next)
          const read = parse(next)
          if (read) onValue(read.value, true)
        }}
      />
      {isWrong && <span class="wrong">{t('segments.json.wrong')}</span>}
    </span>
  )
}

function textOf(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? ''
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
