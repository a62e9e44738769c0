import type { AdminContribution } from '@clientele/core'
import { en } from './admin-words/en.ts'
import { pt } from './admin-words/pt.ts'

/** The panel of segments, their builder, and where a customer is in the drawer of a customer. */
export const segmentsAdmin: AdminContribution = {
  files: new URL('../dist/admin/', import.meta.url),
  panels: [
    {
      id: 'segments',
      path: '/segments',
      title: 'segments.nav',
      icon: 'filter',
      section: 'people',
      order: 20,
      permission: 'segments:read',
      shows: { export: 'Segments' },
    },
  ],
  slots: [
    {
      slot: 'customers.segments',
      id: 'segments.customer',
      order: 30,
      permission: 'segments:read',
      export: 'CustomerSegments',
    },
  ],
  stats: [
    {
      id: 'segments',
      title: 'segments.stat',
      source: '/api/v1/segments?limit=1&count=exact',
      value: 'total',
      to: '/segments',
      order: 40,
      permission: 'segments:read',
    },
  ],
  commands: [
    {
      id: 'segments.create',
      title: 'segments.new',
      to: '/segments/new',
      icon: 'plus',
      permission: 'segments:write',
    },
  ],
  steps: [
    {
      id: 'segments.first',
      title: 'segments.none',
      text: 'segments.step.text',
      source: '/api/v1/segments?limit=1',
      value: 'items',
      to: '/segments',
      order: 40,
      permission: 'segments:write',
    },
  ],
  words: { en, pt },
}
