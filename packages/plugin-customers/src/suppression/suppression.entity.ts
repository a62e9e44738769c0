import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { slug } from '../consent/consent.entity.ts'

export const suppressionScopes = ['all', 'marketing'] as const
export type SuppressionScope = (typeof suppressionScopes)[number]

/**
 * An address or number that must not be written to. Of it only a keyed hash is kept, so that the list outlives an
 * erasure and tells nobody who is on it.
 */
export const Suppression = defineEntity(
  'suppressions',
  {
    kind: col.enum(['email', 'phone']).filterable(),
    hash: col.text(z.string().length(43)).unique().describe('HMAC-SHA-256 under a key of the ring'),
    scope: col.enum(suppressionScopes).filterable().describe('all: nothing at all; marketing: no marketing'),
    reason: col.text(slug).filterable().describe('unsubscribed, bounce, complaint, erasure, manual'),
    at: col.timestamp().filterable().sortable(),
  },
  {
    live: false,
    indexes: [{ on: ['at'] }],
    description: 'Addresses and numbers that must not be written to.',
  },
)

/** A suppression as `t.repo` shows one. */
export interface SuppressionRow extends RowOf<typeof Suppression> {}
