import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { permissionList } from '../role/role.entity.ts'

/** A key with which a program acts in the tenant. Of its secret only the hash is kept. */
export const ApiKey = defineEntity(
  'apiKeys',
  {
    name: col.text(z.string().min(1).max(200)).filterable().sortable(),
    scopes: col.json(permissionList).describe('What it may do, while its maker may'),
    secretHash: col
      .text(z.string().length(64))
      .describe('SHA-256 of 192 random bits: nobody can try them out'),
    hint: col.text(z.string().max(20)).describe('The end of the key, to tell it from others'),
    madeByKind: col.enum(['user', 'operator', 'system']),
    madeById: col.text(z.string().max(200)).filterable(),
    expiresAt: col.timestamp().nullable().filterable(),
    lastUsedAt: col.timestamp().nullable().describe('Written at most once a minute'),
    revokedAt: col.timestamp().nullable().filterable(),
  },
  {
    label: 'name',
    live: { read: 'api-keys:read' },
    description: 'Keys with which programs act in the tenant',
  },
)

/** An API key as queries see one. */
export interface ApiKeyRow extends RowOf<typeof ApiKey> {}
