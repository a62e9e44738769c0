import type { TablesOf } from '@clientele/core'
import type { Audit } from './audit/audit.entity.ts'

/** What typed queries see of this plugin. */
export interface AuditTables extends TablesOf<[typeof Audit]> {}
