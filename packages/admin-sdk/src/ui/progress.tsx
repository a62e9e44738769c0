import { fmt, t } from '../words/words.ts'

interface ProgressProps {
  /** What goes on, for those who do not see it. */
  readonly label: string
  readonly done: number
  /** Null while nobody knows how much there is. */
  readonly total: number | null
}

/** How far something is. */
export function Progress({ label, done, total }: ProgressProps) {
  const text =
    total === null ? fmt.number(done) : t('progress.of', { done: fmt.number(done), total: fmt.number(total) })
  return (
    <span class="progress">
      {total === null ? (
        <progress aria-label={label} />
      ) : (
        <progress aria-label={label} value={done} max={Math.max(total, 1)} />
      )}
      <small class="quiet">{text}</small>
    </span>
  )
}
