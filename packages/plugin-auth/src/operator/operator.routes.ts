import { idParams, route } from '@clientele/core'
import * as z from 'zod'
import { emailSchema, LOCALES, personNameSchema, type UserRow } from '../user/user.entity.ts'
import { Operators } from './operator.service.ts'

const shown = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
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
    handler: async (_request, ctx) => ({ operators: (await ctx.get(Operators).list(ctx)).map(show) }),
  }),
  addOperator: route.post({
    ...manages,
    path: '/api/v1/operator/operators',
    summary:
      'Make somebody an operator; whoever has no account gets one, and a mail that says how to open it',
    body: z.object({
      email: emailSchema,
      name: personNameSchema.optional(),
      locale: z.enum(LOCALES).optional(),
    }),
    response: shown,
    handler: async ({ body }, ctx) => show(await ctx.tx((t) => t.get(Operators).add(t, body))),
  }),
  removeOperator: route.delete({
    ...manages,
    path: '/api/v1/operator/operators/:id',
    summary: 'Let somebody be an operator no longer, never the last one',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Operators).remove(t, params.id)),
  }),
}

function show(user: UserRow): z.output<typeof shown> {
  const { id, email, name, verifiedAt, lastSignInAt, totpConfirmedAt } = user
  return { id, email, name, verifiedAt, lastSignInAt, hasSecondFactor: totpConfirmedAt !== null }
}
