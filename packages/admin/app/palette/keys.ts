import { signal, type ReadonlySignal } from '@preact/signals'

/** Which key opens the palette is called differently there. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

const KEY = 'clientele.single-keys'
const current = signal(localStorage.getItem(KEY) !== 'off')

/** Whether a single key does something. Those who speak to their computer turn it off. WCAG 2.1.4 */
export const singleKeys: ReadonlySignal<boolean> = current

/** Keeps the choice in this browser. */
export function allowSingleKeys(isOn: boolean): void {
  current.value = isOn
  localStorage.setItem(KEY, isOn ? 'on' : 'off')
}

/** A key that belongs to a field, a menu or a dialog is none of ours. */
export function isTyping({ target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  const where = target as Element
  return (
    isComposing ||
    ctrlKey ||
    metaKey ||
    altKey ||
    where.closest('input, textarea, select, [contenteditable], [role="menu"], dialog') !== null
  )
}
