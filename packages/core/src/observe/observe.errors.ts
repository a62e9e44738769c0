import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of looking at an instance and looking after it. Codes are listed in `docs/reference/errors.md`. */
export const observeErrors = defineErrors({
  'observe.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    detail: (p: { path: string; permission: string; schemes: readonly string[] }) =>
      `Cannot show ${p.path}: the request says nothing of who sends it; send a credential (${p.schemes.join(', ') || 'none is set up'}) that has the permission ${p.permission}${p.path === '/metrics' ? `, or open it to everybody who reaches it with createClientele({ observe: { metrics: 'public' } })` : ''}`,
  },
  'observe.not_for_tenants': {
    status: 403,
    title: 'Not of one tenant',
    detail: (p: { path: string }) =>
      `Cannot show ${p.path}: it is about all tenants, and the credential is for some; use one whose tenants are ['*']`,
  },
  'observe.metric': {
    status: 500,
    title: 'Wrong metric',
    detail: (p: { name: string; problem: string }) => `Cannot keep the metric "${p.name}": ${p.problem}`,
  },
  'backup.unsupported': {
    status: 500,
    title: 'No backup',
    detail: (p: { storage: string }) =>
      `Cannot back up ${p.storage}: its adapter has no backup; use the tools of the database`,
  },
  'backup.failed': {
    status: 500,
    title: 'Backup failed',
    detail: (p: { file: string; reason: string }) => `Cannot back up to ${p.file}: ${p.reason}`,
  },
})
