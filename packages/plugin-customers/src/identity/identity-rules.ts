import * as z from 'zod'

/** What holds for one kind of identifier. */
const kindRules = z.strictObject({
  limit: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .describe('How many a customer may have; one more makes two customers instead of a super customer'),
  priority: z
    .number()
    .int()
    .describe('When identifiers disagree about who it is, the lowest number is believed first'),
})

/** How identifiers lead to customers. */
export const identityRulesSchema = z.strictObject({
  kinds: z
    .record(z.string().min(1).max(50), kindRules)
    .default({})
    .describe('By kind; what is not named keeps its default'),
  blocked: z
    .array(z.string().min(1).max(500))
    .max(1000)
    .default([])
    .describe('Values that stand for nobody, besides the built-in ones; compared in lower case'),
})

export type IdentityRulesOptions = z.input<typeof identityRulesSchema>

/** An identifier as it stands in an event. */
export interface Identifier {
  readonly type: string
  readonly value: string
}

/** The rules in the form in which they are asked. */
export interface IdentityRules {
  limitOf(type: string): number
  /** The lower, the more it is believed. */
  priorityOf(type: string): number
  /** True for values that many people share: `null`, `0000`, `anonymous`, `test@example.com`. */
  isBlocked(identifier: Identifier): boolean
}

const DEFAULTS: Readonly<Record<string, z.output<typeof kindRules>>> = {
  userId: { limit: 1, priority: 1 },
  email: { limit: 5, priority: 2 },
  phone: { limit: 5, priority: 3 },
  anonymousId: { limit: 100, priority: 9 },
}
const OTHER_KIND = { limit: 5, priority: 5 }

/** What programs send when they know nobody. */
const NOBODY = new Set([
  ...[
    'null',
    'undefined',
    'nil',
    'none',
    'nan',
    'n/a',
    'na',
    'unknown',
    'anonymous',
    'guest',
    'true',
    'false',
  ],
  ...['-1', '[object object]', 'user', 'userid', 'user_id', 'id', 'test', 'admin', 'noreply', 'default'],
])

export function identityRules(options: z.output<typeof identityRulesSchema>): IdentityRules {
  const kinds = { ...DEFAULTS, ...options.kinds }
  const blocked = new Set(options.blocked.map((value) => value.trim().toLowerCase()))
  const rulesOf = (type: string): z.output<typeof kindRules> =>
    Object.hasOwn(kinds, type) ? kinds[type]! : OTHER_KIND
  return {
    limitOf: (type) => rulesOf(type).limit,
    priorityOf: (type) => rulesOf(type).priority,
    isBlocked({ value }) {
      const folded = value.trim().toLowerCase()
      return NOBODY.has(folded) || blocked.has(folded) || /^[0\s._-]*$/.test(folded)
    },
  }
}
