import { useLayoutEffect } from 'preact/hooks'

interface EditKeys {
  readonly undo: () => void
  readonly redo: () => void
  readonly save: () => void
}

/** Ctrl+Z and Ctrl+Shift+Z go by edits, in fields too; Ctrl+S saves. */
export function useEditKeys({ undo, redo, save }: EditKeys): void {
  // With the page itself: what is pressed right after an edit is about what stands there now.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const act =
        key === 'z' ? (event.shiftKey ? redo : undo) : key === 'y' ? redo : key === 's' ? save : null
      if (!act || document.querySelector('dialog[open]')) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  })
}
