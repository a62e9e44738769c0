import { defineService } from '@clientele/core'
import type { AuditConfig } from './audit.options.ts'

/** The options for jobs, which are declared before there are any. */
export const AuditConfigured = defineService<AuditConfig>('audit.config')
