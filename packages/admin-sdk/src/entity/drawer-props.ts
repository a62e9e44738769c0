import type { Row } from './show-value.tsx'

/** What a drawer of a list is given. */
export interface DrawerProps {
  readonly id: string
  /** As the list has it; undefined while it is not among the rows that are loaded. */
  readonly row: Row | undefined
  readonly onClose: () => void
  /** Opens the neighbour in the list; undefined where there is none. */
  readonly onPrevious?: (() => void) | undefined
  readonly onNext?: (() => void) | undefined
}
