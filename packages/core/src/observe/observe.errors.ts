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
  'observe.no_database': {
    status: 503,
    title: 'No database yet',
    detail: (p: { storage: string }) =>
      `Cannot look at ${p.storage}: there is no such database; start the application once, or run clientele migrate up`,
  },
  'observe.only_loaded': {
    status: 500,
    title: 'Only loaded',
    detail: (p: { reason: string }) => `Cannot start: ${p.reason}`,
  },
  'observe.no_plugin': {
    status: 404,
    title: 'No such plugin',
    detail: (p: { plugin: string; plugins: readonly string[] }) =>
      `Cannot find the plugin "${p.plugin}" in the composition; installed are ${p.plugins.join(', ')}`,
  },
  'observe.no_scratch': {
    status: 500,
    title: 'No empty database',
    detail: (p: { storage: string }) =>
      `Cannot compare the schema of ${p.storage}: its adapter lends no empty database; compose with sqlite() or postgres()`,
  },
  'backup.exists': {
    status: 409,
    title: 'Backup exists',
    detail: (p: { file: string }) =>
      `Cannot back up: ${p.file} is there already; name another file, or say that it may be replaced (--force)`,
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
