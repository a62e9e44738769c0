import { Component, type ComponentChildren } from 'preact'
import { Link } from '../navigation/link.tsx'
import { t } from '../words/words.ts'
import type { VirtualColumn } from './virtual-table.tsx'

/** The height of every row, in pixels; the styles say the same. */
export const ROW = 42

interface VirtualRowProps<R> {
  readonly row: R
  readonly id: string
  /** Its place in the list, from 0. */
  readonly place: number
  /** How many rows before it are not drawn. */
  readonly gap: number
  readonly columns: readonly VirtualColumn<R>[]
  readonly nameOf: (row: R) => string
  readonly linkOf: ((row: R) => string) | undefined
  readonly onOpen: ((row: R) => void) | undefined
  /** Undefined: it cannot be. */
  readonly isChosen: boolean | undefined
  readonly isCurrent: boolean
  readonly onToggle: (id: string, on: boolean) => void
}

/** A row of a list. It is drawn again when something of it changes, and not because others scroll by. */
export class VirtualRow<R> extends Component<VirtualRowProps<R>> {
  override shouldComponentUpdate(next: VirtualRowProps<R>): boolean {
    return (Object.keys(next) as (keyof VirtualRowProps<R>)[]).some((name) => next[name] !== this.props[name])
  }

  override render(props: VirtualRowProps<R>) {
    const { row, id, place, gap, columns, nameOf, isChosen, isCurrent, onToggle } = props
    const state = [isChosen && 'chosen', isCurrent && 'current'].filter(Boolean).join(' ')
    const canChoose = isChosen !== undefined
    return (
      <>
        <Gap rows={gap} columns={columns.length + (canChoose ? 1 : 0)} />
        <tr data-row={place} data-key={id} aria-rowindex={place + 2} class={state || undefined}>
          {canChoose && (
            <td class="choice">
              <input
                type="checkbox"
                aria-label={`${t('table.choose')}: ${nameOf(row)}`}
                checked={isChosen}
                onChange={(event) => onToggle(id, event.currentTarget.checked)}
              />
            </td>
          )}
          {columns.map(({ name, numeric, show }, index) => (
            <td key={name} class={numeric ? 'numeric' : undefined}>
              {index === 0 && props.linkOf ? <RowLink {...props}>{show(row)}</RowLink> : show(row)}
            </td>
          ))}
        </tr>
      </>
    )
  }
}

function RowLink<R>({
  row,
  linkOf,
  onOpen,
  children,
}: VirtualRowProps<R> & { readonly children: ComponentChildren }) {
  return (
    <Link
      to={linkOf!(row)}
      class="row-link"
      onClick={(event) => {
        if (!onOpen || event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        event.stopPropagation()
        onOpen(row)
      }}
    >
      {children}
    </Link>
  )
}

/** Rows that are not drawn leave their room. */
export function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return rows > 0 ? (
    <tr aria-hidden="true" class="gap">
      <td colSpan={columns} style={{ height: `${rows * ROW}px` }} />
    </tr>
  ) : null
}
