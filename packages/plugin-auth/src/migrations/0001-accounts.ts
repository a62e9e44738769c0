import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'

// The tables as they were at this version; the entities may move on, these may not.
const shared = { tenancy: { global: 'people work in several tenants' } } as const
const users = defineEntity('users', {}, shared)

const userTable: TableDefinition = {
  name: 'users',
  columns: {
    email: col.text().unique(),
    name: col.text().default(''),
    locale: col.enum(['en', 'pt']).default('en'),
    verifiedAt: col.timestamp().nullable(),
    active: col.boolean().default(true),
    isOperator: col.boolean().default(false),
    passwordHash: col.secret().nullable(),
    epoch: col.integer().default(0),
    totpSecret: col.secret().nullable(),
    totpConfirmedAt: col.timestamp().nullable(),
    totpLastStep: col.integer().default(0),
    lastSignInAt: col.timestamp().nullable(),
  },
  options: shared,
}

const sessions: TableDefinition = {
  name: 'sessions',
  columns: {
    userId: col.ref(() => users, { onDelete: 'cascade' }),
    kind: col.enum(['bearer', 'cookie']),
    epoch: col.integer(),
    seed: col.secret(),
    generation: col.integer().default(0),
    refreshedAt: col.timestamp().nullable(),
    ip: col.text().default(''),
    userAgent: col.text().default(''),
    expiresAt: col.timestamp().index(),
    endedAt: col.timestamp().nullable(),
    endedReason: col.enum(['signed-out', 'revoked', 'reused']).nullable(),
  },
  options: { ...shared, indexes: [{ on: ['userId', 'createdAt'] }] },
}

const codes: TableDefinition = {
  name: 'codes',
  columns: {
    purpose: col.enum(['register', 'reset', 'email']),
    email: col.text(),
    userId: col.ref(() => users, { onDelete: 'cascade' }).nullable(),
    codeHash: col.text().nullable(),
    triesLeft: col.integer(),
    usedAt: col.timestamp().nullable(),
    expiresAt: col.timestamp().index(),
    name: col.text().default(''),
    locale: col.enum(['en', 'pt']).default('en'),
    passwordHash: col.secret().nullable(),
  },
  options: { ...shared, indexes: [{ on: ['purpose', 'email'], unique: true, where: 'used_at IS NULL' }] },
}

const recoveryCodes: TableDefinition = {
  name: 'recoveryCodes',
  columns: {
    userId: col.ref(() => users, { onDelete: 'cascade' }),
    codeHash: col.text(),
    usedAt: col.timestamp().nullable(),
  },
  options: { ...shared, indexes: [{ on: ['userId', 'codeHash'], unique: true }] },
}

export const m0001Accounts: Migration = {
  async up(m) {
    await m.createTable(userTable)
    await m.createTable(sessions)
    await m.createTable(codes)
    await m.createTable(recoveryCodes)
  },
  async down(m) {
    await m.dropTable('recoveryCodes')
    await m.dropTable('codes')
    await m.dropTable('sessions')
    await m.dropTable('users')
  },
}
