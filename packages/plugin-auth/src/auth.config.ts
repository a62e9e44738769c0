import { defineService } from '@clientele/core'
import type { AuthConfig } from './auth.options.ts'

/** What the host set. */
export const AuthConfigured = defineService<AuthConfig>('auth.configured')
