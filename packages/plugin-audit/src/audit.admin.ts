import type { AdminContribution } from '@clientele/core'
import { en } from './admin-words/en.ts'
import { pt } from './admin-words/pt.ts'
import { AuditEntry } from './entry/entry.entity.ts'

/** Who did what, as a list. */
export const auditAdmin: AdminContribution = {
  panels: [
    {
      id: 'auditEntries',
      path: '/auditEntries',
      title: 'entity.auditEntries',
      icon: 'eye',
      section: 'settings',
      permission: 'audit:read',
      shows: { entity: AuditEntry },
    },
  ],
  words: { en, pt },
}
