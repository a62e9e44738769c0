import { can, manifest, Slot } from '@clientele/admin-sdk'
import type { ComponentType } from 'preact'
import { Consents } from '../consent/consents.tsx'
import { Identities } from '../merge/identities.tsx'
import type { CustomerRow } from '../model/customer.ts'
import { Notes } from '../note/notes.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { Summary } from './summary.tsx'

/** A view of a customer. */
export interface CustomerTab {
  /** As the address says it. */
  readonly id: string
  /** A key of the catalogues. */
  readonly title: string
  readonly Shown: ComponentType<{ readonly customer: CustomerRow }>
}

/** Those that whoever is signed in may see. Tabs of other plugins are there when a plugin fills them. */
export function tabsOf(): readonly CustomerTab[] {
  const filled = new Set(manifest.value?.slots.map(({ slot }) => slot))
  return TABS.filter(
    ({ needs }) => needs === undefined || (needs.includes(':') ? can(needs) : filled.has(needs)),
  )
}

function Orders({ customer }: { readonly customer: CustomerRow }) {
  return <Slot name="customers.orders" id={customer.id} row={customer} />
}

function Segments({ customer }: { readonly customer: CustomerRow }) {
  return <Slot name="customers.segments" id={customer.id} row={customer} />
}

/** `needs`: a permission, or a slot that somebody fills. */
const TABS: readonly (CustomerTab & { readonly needs?: string })[] = [
  { id: 'summary', title: 'customers.summary', Shown: Summary },
  { id: 'timeline', title: 'customers.timeline', Shown: Timeline, needs: 'events:read' },
  { id: 'orders', title: 'customers.orders', Shown: Orders, needs: 'customers.orders' },
  { id: 'segments', title: 'customers.segments', Shown: Segments, needs: 'customers.segments' },
  { id: 'consents', title: 'customers.consents', Shown: Consents, needs: 'consents:read' },
  { id: 'notes', title: 'customers.notes', Shown: Notes },
  { id: 'identities', title: 'customers.identities', Shown: Identities },
]
