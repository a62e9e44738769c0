import type { Authenticator } from '@clientele/core'
import { ApiKeys } from './api-key.service.ts'

/** `Authorization: Bearer clk_…`. A key in a URL is not looked at: URLs stand in logs. */
export const apiKeyAuthenticator: Authenticator = {
  name: 'api-key',
  scheme: { type: 'http', scheme: 'bearer', bearerFormat: 'clk_…', description: 'An API key of a tenant' },
  authenticate({ headers }, open) {
    const [, token] = /^Bearer +(clk_\S+)$/i.exec(headers['authorization'] ?? '') ?? []
    return token === undefined ? null : open().get(ApiKeys).identify(token, open)
  },
}
