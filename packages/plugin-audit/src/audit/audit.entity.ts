import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** What the plugin is about: one line a newcomer understands. */
export const Audit = defineEntity(
  'audits',
  {
    title: col.text(z.string().min(1).max(200)).filterable().sortable().searchable(),
    note: col.text(z.string().max(2000)).nullable(),
    closedAt: col.timestamp().nullable().filterable().sortable().describe('Null while it is open'),
  },
  { label: 'title', singular: 'audit', description: 'What the plugin is about.' },
)

/** An audit as `t.repo` and the wire show one. */
export interface AuditRow extends RowOf<typeof Audit> {}
/** What creating an audit takes. */
export interface NewAudit extends InsertOf<typeof Audit> {}
/** What changing an audit takes: what is left out stays. */
export interface AuditChanges extends PatchOf<typeof Audit> {}
