import { lazily, usePlace } from '@clientele/admin-sdk'
import './panel.css'
import { SegmentList } from './list/segment-list.tsx'

export { CustomerSegments } from './customer/customer-segments.tsx'

/** The builder is the larger part, and is loaded when somebody opens a segment. */
const SegmentPage = lazily(async () => ({
  component: (await import('./page/segment-page.tsx')).SegmentPage,
}))

/** The list of segments, or one of them. */
export function Segments() {
  const { path, query } = usePlace()
  const id = path.split('/')[2]
  return id ? <SegmentPage key={id} id={id} query={query} /> : <SegmentList />
}
