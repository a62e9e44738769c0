import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** What the plugin is about: one line a newcomer understands. */
export const Auth = defineEntity(
  'auths',
  {
    title: col.text(z.string().min(1).max(200)).filterable().sortable().searchable(),
    note: col.text(z.string().max(2000)).nullable(),
    closedAt: col.timestamp().nullable().filterable().sortable().describe('Null while it is open'),
  },
  { label: 'title', singular: 'auth', description: 'What the plugin is about.' },
)

/** An auth as `t.repo` and the wire show one. */
export interface AuthRow extends RowOf<typeof Auth> {}
/** What creating an auth takes. */
export interface NewAuth extends InsertOf<typeof Auth> {}
/** What changing an auth takes: what is left out stays. */
export interface AuthChanges extends PatchOf<typeof Auth> {}
