import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

const short = z.string().max(200)

/** The number of an entry and its place in the chain. Two of one number cannot be. */
export const AuditSeal = defineEntity(
  'auditSeals',
  {
    seq: col.integer().describe('From 1, without gaps'),
    entryId: col.id().unique(),
    hash: col.text(short).describe('Of the hash before it and of the entry'),
  },
  {
    live: false,
    audited: false,
    indexes: [{ on: ['seq'], unique: true }],
    description: 'The order of the trail.',
  },
)

/** A seal as queries see one. */
export interface AuditSealRow extends RowOf<typeof AuditSeal> {}

/** Entries that wait for their number: written with them, gone with it. */
export const AuditPending = defineEntity(
  'auditPending',
  { tenant: col.text(short), entryId: col.id() },
  {
    tenancy: { global: 'One look finds what is to be numbered in all tenants; each row names its tenant' },
    audited: false,
    indexes: [{ on: ['tenant', 'entryId'], unique: true }],
    description: 'Entries of the trail that wait for their number.',
  },
)

/** How far a tenant's chain reaches. Only who numbers holds it; whoever writes entries never does. */
export const AuditHead = defineEntity(
  'auditHeads',
  {
    tenant: col.text(short).unique(),
    seq: col.integer().describe('The last number given'),
    hash: col.text(short),
    sealedAt: col.timestamp(),
    floorSeq: col.integer().describe('What is older was removed when its time was over'),
    floorHash: col.text(short),
    signature: col.text(short).describe('Of all of these, under the key ring'),
    checkpointSeq: col.integer().describe('Where the last checkpoint stood'),
  },
  {
    tenancy: {
      global: 'One look finds the chains that grew since their last checkpoint; each row names its tenant',
    },
    audited: false,
    description: 'How far the trails reach.',
  },
)

/** A head as queries see one. */
export interface AuditHeadRow extends RowOf<typeof AuditHead> {}
