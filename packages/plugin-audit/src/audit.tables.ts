import type { TablesOf } from '@clientele/core'
import type { AuditHead, AuditPending, AuditSeal } from './chain/chain.entity.ts'
import type { AuditEntry, AuditSubject } from './entry/entry.entity.ts'

/** What typed queries see of this plugin. */
export interface AuditTables extends TablesOf<
  [typeof AuditEntry, typeof AuditSubject, typeof AuditSeal, typeof AuditPending, typeof AuditHead]
> {}
