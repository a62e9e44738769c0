import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const users = defineEntity('users', {}, { tenancy: { global: 'people work in several tenants' } })
const roles = defineEntity('roles', {})
const shared = { tenancy: { global: 'it is known before the tenant is' } } as const

const roleTable: TableDefinition = {
  name: 'roles',
  columns: {
    key: col.text().unique(),
    name: col.text(),
    description: col.text().default(''),
    permissions: col.json(z.unknown()),
  },
}

const members: TableDefinition = {
  name: 'tenantMembers',
  columns: {
    userId: col.id().unique(),
    role: col.text().index(),
    roleId: col.ref(() => roles).nullable(),
    active: col.boolean().default(true),
  },
}

const userTenants: TableDefinition = {
  name: 'userTenants',
  columns: {
    userId: col.ref(() => users, { onDelete: 'cascade' }),
    tenantId: col.text().index(),
  },
  options: { ...shared, indexes: [{ on: ['userId', 'tenantId'], unique: true }] },
}

const invitations: TableDefinition = {
  name: 'invitations',
  columns: {
    email: col.text(),
    role: col.text(),
    roleId: col.ref(() => roles).nullable(),
    locale: col.enum(['en', 'pt']).default('en'),
    state: col.enum(['open', 'accepted', 'revoked']).default('open'),
    tokenHash: col.text().unique(),
    inviterKind: col.enum(['account', 'key', 'host']),
    invitedBy: col.text(),
    expiresAt: col.timestamp(),
    acceptedAt: col.timestamp().nullable(),
    acceptedBy: col.id().nullable(),
  },
  options: { indexes: [{ on: ['email'], unique: true, where: "state = 'open'" }] },
}

const apiKeys: TableDefinition = {
  name: 'apiKeys',
  columns: {
    name: col.text(),
    scopes: col.json(z.unknown()),
    secretHash: col.text(),
    hint: col.text(),
    madeByKind: col.enum(['user', 'operator', 'system']),
    madeById: col.text(),
    expiresAt: col.timestamp().nullable(),
    lastUsedAt: col.timestamp().nullable(),
    revokedAt: col.timestamp().nullable(),
  },
}

const tenants: TableDefinition = {
  name: 'tenants',
  columns: {
    tenantId: col.text().unique(),
    state: col.enum(['active', 'suspended', 'deleting', 'deleted']).default('active').index(),
    reason: col.text().default(''),
    quotas: col.json(z.unknown()).default({ customers: null, eventsPerMonth: null, keys: null }),
    isLimited: col.boolean().default(false).index(),
    deleteAt: col.timestamp().nullable(),
    goneAt: col.timestamp().nullable(),
  },
  options: shared,
}

const tenantDomains: TableDefinition = {
  name: 'tenantDomains',
  columns: {
    tenantId: col.text().index(),
    domain: col.text().index(),
    token: col.text(),
    verifiedAt: col.timestamp().nullable(),
    checkedAt: col.timestamp().nullable(),
    missingSince: col.timestamp().nullable(),
  },
  options: {
    ...shared,
    indexes: [
      { on: ['tenantId', 'domain'], unique: true },
      { on: ['domain'], unique: true, where: 'verified_at is not null' },
    ],
  },
}

const tenantExports: TableDefinition = {
  name: 'tenantExports',
  columns: {
    tenantId: col.text().index(),
    state: col.enum(['waiting', 'done']).default('waiting'),
    files: col.json(z.unknown()).default([]),
    expiresAt: col.timestamp(),
    finishedAt: col.timestamp().nullable(),
  },
  options: shared,
}

const setups: TableDefinition = {
  name: 'setups',
  columns: { what: col.enum(['operator']).unique(), userId: col.id() },
  options: shared,
}

export const m0002Members: Migration = {
  async up(m) {
    await m.createTable(roleTable)
    await m.createTable(members)
    await m.createTable(userTenants)
    await m.createTable(invitations)
    await m.createTable(apiKeys)
    await m.createTable(tenants)
    await m.createTable(tenantDomains)
    await m.createTable(tenantExports)
    await m.createTable(setups)
  },
  async down(m) {
    await m.dropTable('setups')
    await m.dropTable('tenantExports')
    await m.dropTable('tenantDomains')
    await m.dropTable('tenants')
    await m.dropTable('apiKeys')
    await m.dropTable('invitations')
    await m.dropTable('userTenants')
    await m.dropTable('tenantMembers')
    await m.dropTable('roles')
  },
}
