import { signal, type ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** What the command palette offers while a page is shown. */
export interface Command {
  readonly id: string
  readonly title: string
  /** A name of the icon set. @default an arrow */
  readonly icon?: string
  readonly run: () => void
}

const current = signal<readonly Command[]>([])

/** Those of the page that is shown. */
export const commands: ReadonlySignal<readonly Command[]> = current

/**
 * Offers commands in the palette as long as the component is there. What needs no code is declared instead:
 * `commands` of the plugin's `admin`.
 *
 * @example
 * useCommands([{ id: 'segments.recount', title: t('segments.recount'), run: recount }])
 */
export function useCommands(offered: readonly Command[]): void {
  useEffect(() => {
    current.value = [...current.peek(), ...offered]
    return () => {
      current.value = current.peek().filter((one) => !offered.includes(one))
    }
  }, [offered.map(({ id, title }) => `${id} ${title}`).join()])
}
