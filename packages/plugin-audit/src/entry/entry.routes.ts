import {
  coreErrors,
  crudRoutes,
  idParams,
  listQuery,
  pageOf,
  route,
  type Ctx,
  type Route,
} from '@clientele/core'
import * as z from 'zod'
import type { AuditTables } from '../audit.tables.ts'
import type { VerifyOptions } from '../chain/verify-trail.ts'
import { AuditEntry } from './entry.entity.ts'
import { AuditTrail } from './entry.service.ts'

const { list, exportCsv, startExport } = crudRoutes(AuditEntry, {
  path: '/api/v1/audit',
  read: 'audit:read',
  write: 'audit:read',
  only: ['list', 'exportCsv', 'startExport'],
})

const problem = z.object({
  kind: z.enum(['edited', 'removed', 'inserted', 'cut', 'head']),
  seq: z.int().nullable().describe('The number of the entry'),
  entryId: z.string().nullable(),
  message: z.string(),
})

const verification = z.object({
  tenantId: z.string(),
  entries: z.int(),
  from: z.int(),
  to: z.int(),
  pending: z.int().describe('Written and not yet numbered'),
  problems: z.array(problem),
})

const PLATFORM = '/api/v1/operator/audit'
const ofPlatform = { permission: 'audit:platform', scope: 'instance', tags: ['operator'] } as const

const checkpoint = z.object({
  tenantId: z.string(),
  seq: z.int().min(0),
  hash: z.string().max(100),
  at: z.string().max(40),
  signature: z.string().max(100),
})

/** An entry with its place in the chain. */
// `any`: the row's schema is typed by its output, and a part is added here.
const sealedEntry = (AuditEntry.row as unknown as z.ZodObject<any>).extend({
  seal: z
    .object({ seq: z.int(), hash: z.string(), at: z.string() })
    .nullable()
    .describe('Null until it is numbered, some seconds after it was written'),
})

// `any`: routes of unrelated inputs stand in one record.
/** The trail: read, filtered, exported and checked; nothing writes to it from outside. */
export const entryRoutes = {
  list,
  exportCsv,
  startExport,
  verify: route.post({
    path: '/api/v1/audit/verify',
    permission: 'audit:verify',
    idempotency: 'ignored',
    summary: 'Check that nobody has touched the audit trail',
    description:
      'Reads all of it. Problems name the entry that was edited, removed, inserted or moved, and whether the end was cut off; a checkpoint that was kept elsewhere also finds an end that was cut off together with its signature.',
    body: z.strictObject({ checkpoint: checkpoint.optional() }).default({}),
    response: verification,
    handler: ({ body }, ctx) => verified(ctx, body.checkpoint ? { checkpoint: body.checkpoint } : {}),
  }),
  checkpoint: route.get({
    path: '/api/v1/audit/checkpoint',
    permission: 'audit:verify',
    summary: 'Where the audit trail stands, signed: to be kept elsewhere',
    response: checkpoint.nullable(),
    handler: (_, ctx) => ctx.get(AuditTrail).checkpoint(ctx),
  }),
  get: route.get({
    path: '/api/v1/audit/:id',
    permission: 'audit:read',
    summary: 'Read an audit entry, with its place in the chain',
    params: idParams,
    response: sealedEntry,
    async handler({ params }, ctx) {
      const entry = await ctx.repo(AuditEntry).get(params.id)
      return { ...entry, seal: await sealOf(ctx, params.id) }
    },
  }),
  listPlatform: route.get({
    ...ofPlatform,
    path: PLATFORM,
    summary: 'List what was done outside of any tenant: by operators, and to what tenants share',
    query: listQuery(AuditEntry),
    response: pageOf(AuditEntry.row),
    handler: ({ query }, ctx) => ofMany(ctx, 'GET', '').repo(AuditEntry).list(query),
  }),
  verifyPlatform: route.post({
    ...ofPlatform,
    path: `${PLATFORM}/verify`,
    summary: 'Check that nobody has touched the audit trail of what was done outside of any tenant',
    response: verification,
    handler: (_, ctx) => verified(ofMany(ctx, 'POST', '/verify')),
  }),
} satisfies Record<string, Route<any, any, any>>

/** With one tenant there is nothing outside of it: its trail has it all. @throws `http.not_found` */
function ofMany(ctx: Ctx, method: string, below: string): Ctx {
  if (ctx.tenantId === '*') return ctx
  throw coreErrors['http.not_found']({ method, path: `${PLATFORM}${below}` })
}

async function verified(ctx: Ctx, options: VerifyOptions = {}) {
  const found = await ctx.get(AuditTrail).verify(ctx, options)
  return { ...found, problems: [...found.problems] }
}

async function sealOf(ctx: Ctx<AuditTables>, entryId: string) {
  const found = await ctx.db
    .selectFrom('auditSeals')
    .select(['seq', 'hash', 'createdAt as at'])
    .where('entryId', '=', entryId)
    .executeTakeFirst()
  return found ?? null
}
