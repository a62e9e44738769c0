import { fmt, setQuery, t, Tabs } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'

interface SegmentViewsProps {
  readonly isNew: boolean
  readonly tab: string
  readonly count: number | null
  readonly children: ComponentChildren
}

/** The views of a segment as tabs. A new segment has nothing but rules. */
export function SegmentViews({ isNew, tab, count, children }: SegmentViewsProps) {
  if (isNew) return <>{children}</>
  return (
    <Tabs
      label={t('segments.views')}
      current={tab}
      onChange={(next) => setQuery({ tab: next === 'rules' ? null : next })}
      tabs={[
        { id: 'rules', label: t('segments.tab.rules') },
        {
          id: 'members',
          label: t('segments.tab.members'),
          ...(count === null ? {} : { count: fmt.number(count) }),
        },
        { id: 'history', label: t('segments.tab.history') },
        { id: 'uses', label: t('segments.tab.uses') },
      ]}
    >
      {children}
    </Tabs>
  )
}
