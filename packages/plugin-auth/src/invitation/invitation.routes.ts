import { idParams, listQuery, pageOf, reply, route } from '@clientele/core'
import * as z from 'zod'
import { roleKey } from '../role/role.entity.ts'
import { emailSchema, LOCALES, personNameSchema } from '../user/user.entity.ts'
import { limitInvitations } from './invitation-limits.ts'
import { Invitation } from './invitation.entity.ts'
import { Invitations } from './invitation.service.ts'

const shown = z.object({
  id: z.string(),
  email: z.string(),
  role: z.string(),
  locale: z.string(),
  state: z.enum(['open', 'accepted', 'revoked']),
  invitedBy: z.string(),
  expiresAt: z.string().describe('From then on an open one is over'),
  acceptedAt: z.string().nullable(),
  acceptedBy: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
})

/** Who was asked to work in the tenant. */
export const invitationRoutes = {
  listInvitations: route.get({
    path: '/api/v1/admin/invitations',
    permission: 'users:read',
    summary: 'List invitations',
    query: listQuery(Invitation),
    response: pageOf(shown),
    handler: ({ query }, ctx) => ctx.repo(Invitation).list(query),
  }),
  createInvitation: route.post({
    path: '/api/v1/admin/invitations',
    permission: 'users:write',
    summary: 'Mail somebody an invitation; an open one for the same address is revoked',
    description: '30 an hour by one person, 5 a day to one address of the tenant; more are 429.',
    idempotency: 'ignored',
    body: z.object({ email: emailSchema, role: roleKey, locale: z.enum(LOCALES).optional() }),
    response: shown,
    status: 201,
    handler: async ({ body }, ctx) => {
      await limitInvitations(ctx, body.email)
      const made = await ctx.tx((t) => t.get(Invitations).create(t, body))
      return reply(made, { headers: { location: `/api/v1/admin/invitations/${made.id}` } })
    },
  }),
  getInvitation: route.get({
    path: '/api/v1/admin/invitations/:id',
    permission: 'users:read',
    summary: 'Read an invitation',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.repo(Invitation).get(params.id),
  }),
  revokeInvitation: route.post({
    path: '/api/v1/admin/invitations/:id/revoke',
    permission: 'users:write',
    summary: 'Revoke an open invitation',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Invitations).revoke(t, params.id)),
  }),
  acceptInvitation: route.post({
    path: '/api/auth/invitations/accept',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags: ['auth'],
    summary: 'Accept an invitation by the token in its mail; whoever has no account gets one',
    rateLimit: { by: 'ip', requests: 20, perSeconds: 60 },
    idempotency: 'ignored',
    body: z.object({
      token: z.string().min(1).max(200),
      name: personNameSchema.optional(),
      password: z
        .string()
        .min(8)
        .max(256)
        .optional()
        .describe('For somebody without an account; without one they set it by "forgot password"'),
    }),
    response: z.object({ tenantId: z.string(), userId: z.string() }),
    handler: ({ body }, ctx) => ctx.get(Invitations).accept(ctx, body),
  }),
}
