/** How many series are told apart; a later one looks like an earlier. */
export const LOOKS = 6

/** Of lines: those who see no colours tell them apart by these. */
export const DASHES = ['', '7 4', '2 3', '10 3 2 3', '1 5', '14 5'] as const

/** What fills an area, by its place; nothing for the first, which is plain. */
const STROKES = [
  '',
  'M-2 2 2-2M0 8 8 0M6 10 10 6',
  'M2 2h.01M6 6h.01',
  'M0 4h8',
  'M4 0v8',
  'M0 0 8 8M8 0 0 8',
] as const

/** The patterns that areas of a chart are filled with. */
export function Patterns({ id, count }: { readonly id: string; readonly count: number }) {
  return (
    <defs>
      {Array.from({ length: Math.min(count, LOOKS) }, (_, at) => (
        <pattern
          key={at}
          id={`${id}-${at}`}
          class={`look-${at}`}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
        >
          <rect width="8" height="8" class="ground" />
          {STROKES[at] && <path d={STROKES[at]} class="figure" />}
        </pattern>
      ))}
    </defs>
  )
}

/** A piece of a series as its name shows it. */
export function Swatch({
  at,
  id,
  isLine,
}: {
  readonly at: number
  readonly id: string
  readonly isLine: boolean
}) {
  return (
    <svg width="22" height="12" aria-hidden="true" class={`look-${at % LOOKS}`}>
      {isLine ? (
        <path d="M0 6h22" class="line" stroke-dasharray={DASHES[at % LOOKS]} />
      ) : (
        <rect width="22" height="12" rx="2" fill={`url(#${id}-${at % LOOKS})`} />
      )}
    </svg>
  )
}
