import type { ComponentChildren } from 'preact'
import { session } from '../session/session.ts'
import { fmt, t } from '../words/words.ts'
import { wallTime } from '../words/zone.ts'
import { Icon } from './icon.tsx'

/** Something that happened. */
export interface TimelineEntry {
  readonly id: string
  /** An instant, ISO 8601. */
  readonly at: string
  readonly title: ComponentChildren
  /** A name of the icon set. @default a dot */
  readonly icon?: string
  /** More of it, below its title. */
  readonly children?: ComponentChildren
}

interface TimelineProps {
  /** What it is the story of, for those who do not see it. */
  readonly label: string
  /** Newest first, as the API lists them. */
  readonly entries: readonly TimelineEntry[]
  /** Below the last: a button for more. */
  readonly more?: ComponentChildren
}

/** What happened, by days of the tenant's zone. */
export function Timeline({ label, entries, more }: TimelineProps) {
  if (entries.length === 0) return <p class="quiet">{t('timeline.empty')}</p>
  const zone = session.value?.tenant.timeZone ?? 'UTC'
  const days = Map.groupBy(entries, ({ at }) => wallTime(at, zone).slice(0, 10))
  return (
    <section class="timeline" aria-label={label}>
      {[...days].map(([day, own]) => (
        <div key={day}>
          <p class="day" aria-hidden="true">
            {fmt.day(own[0]!.at)}
          </p>
          <ol aria-label={fmt.day(own[0]!.at)}>
            {own.map(({ id, at, title, icon = 'dot', children }) => (
              <li key={id}>
                <Icon name={icon} />
                <div class="grow">
                  <div class="happened">
                    <span class="grow">{title}</span>
                    <time dateTime={at} class="quiet">
                      {wallTime(at, zone).slice(11)}
                    </time>
                  </div>
                  {children}
                </div>
              </li>
            ))}
          </ol>
        </div>
      ))}
      {more}
    </section>
  )
}
