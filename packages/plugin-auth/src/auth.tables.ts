import type { TablesOf } from '@clientele/core'
import type { Auth } from './auth/auth.entity.ts'

/** What typed queries see of this plugin. */
export interface AuthTables extends TablesOf<[typeof Auth]> {}
