import { idParams, route, timestampSchema, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { limitInvitations } from '../invitation/invitation-limits.ts'
import { emailSchema, LOCALES, personNameSchema, type UserRow } from '../user/user.entity.ts'
import { Operators } from './operator.service.ts'
import { isExpired, pendingUntil } from './pending.ts'

const shown = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  state: z
    .enum(['active', 'pending', 'expired'])
    .describe(
      '`pending`: they may open their account until `expiresAt`; `expired`: they did not, add them again',
    ),
  expiresAt: timestampSchema.nullable().describe('Until when they may open their account; null: they did'),
  verifiedAt: z.string().nullable().describe('Null: they have not opened their account yet'),
  hasSecondFactor: z.boolean(),
  lastSignInAt: z.string().nullable(),
})
const manages = { permission: 'operators:manage', scope: 'instance', tags: ['operator'] } as const

/** Who may do everything, everywhere; the first one is made by the setup. */
export const operatorRoutes = {
  listOperators: route.get({
    ...manages,
    path: '/api/v1/operator/operators',
    summary: 'List operators',
    response: z.object({ operators: z.array(shown) }),
    handler: async (_request, ctx) => ({
      operators: (await ctx.get(Operators).list(ctx)).map((one) => show(ctx, one)),
    }),
  }),
  addOperator: route.post({
    ...manages,
    path: '/api/v1/operator/operators',
    summary:
      'Make somebody an operator; whoever has no account gets one, and a mail that says how to open it',
    description:
      'Whoever has not opened the account yet is mailed again, and has the whole time once more. 30 invitations an hour by one person, 5 a day to one address; more are 429.',
    idempotency: 'ignored',
    body: z.object({
      email: emailSchema,
      name: personNameSchema.optional(),
      locale: z.enum(LOCALES).optional(),
    }),
    response: shown,
    async handler({ body }, ctx) {
      await limitInvitations(ctx, body.email)
      return show(ctx, await ctx.tx((t) => t.get(Operators).add(t, body)))
    },
  }),
  removeOperator: route.delete({
    ...manages,
    path: '/api/v1/operator/operators/:id',
    summary: 'Let somebody be an operator no longer, never the last one',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Operators).remove(t, params.id)),
  }),
}

function show(ctx: Ctx, user: UserRow): z.output<typeof shown> {
  const { id, email, name, verifiedAt, lastSignInAt, totpConfirmedAt } = user
  const expiresAt = pendingUntil(ctx, user)
  const state = expiresAt === null ? 'active' : isExpired(ctx, user) ? 'expired' : 'pending'
  const hasSecondFactor = totpConfirmedAt !== null
  return { id, email, name, state, expiresAt, verifiedAt, lastSignInAt, hasSecondFactor }
}
