import type { ComponentChildren } from 'preact'
import { Link } from '../navigation/link.tsx'
import { fmt, t } from '../words/words.ts'
import { Icon } from './icon.tsx'

interface StatProps {
  readonly label: string
  /** As people read it. */
  readonly value: ComponentChildren
  /** Against before: 0.12 is 12 % more. */
  readonly change?: number | null
  /** Less is better: of refunds, of failures. @default false */
  readonly isInverse?: boolean
  /** The place of the panel that shows what lies behind it. */
  readonly to?: string
  readonly hint?: string
}

/** One figure, its change, and a way to what lies behind it. */
export function Stat({ label, value, change, isInverse = false, to, hint }: StatProps) {
  const direction = change === undefined || change === null ? null : Math.sign(change)
  const word = direction === 1 ? 'stat.up' : direction === -1 ? 'stat.down' : 'stat.same'
  const isGood = direction !== null && (isInverse ? direction < 0 : direction > 0)
  return (
    <div class="stat">
      <span class="quiet">{to ? <Link to={to}>{label}</Link> : label}</span>
      <strong>{value}</strong>
      {direction !== null && (
        <span class={direction === 0 ? 'quiet' : isGood ? 'good' : 'bad'}>
          {direction !== 0 && <Icon name={direction > 0 ? 'up' : 'down'} />}
          {t(word, { share: fmt.percent(Math.abs(change!)) })}
        </span>
      )}
      {hint && <span class="quiet">{hint}</span>}
    </div>
  )
}
