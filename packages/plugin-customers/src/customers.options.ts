import * as z from 'zod'
import { identityRulesSchema } from './identity/identity-rules.ts'

export const customersOptions = z.strictObject({
  identity: identityRulesSchema
    .default({ kinds: {}, blocked: [] })
    .describe('How identifiers lead to customers'),
})

/** How customers are known and what they do. */
export type CustomersOptions = z.input<typeof customersOptions>
