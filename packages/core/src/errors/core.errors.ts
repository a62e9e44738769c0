import { defineErrors } from './clientele-error.ts'

/** Errors every part of the core may answer with. Codes are listed in `docs/reference/errors.md`. */
export const coreErrors = defineErrors({
  'config.invalid': {
    status: 500,
    title: 'Wrong configuration',
    detail: (p: { problems: readonly string[] }) =>
      `Cannot compose Clientele, ${p.problems.length === 1 ? 'one problem' : `${p.problems.length} problems`}:\n${p.problems.map((problem) => `  - ${problem}`).join('\n')}`,
  },
  'config.not_started': {
    status: 503,
    title: 'Not started',
    detail: (p: { action: string }) =>
      `Cannot ${p.action}: the instance is not started; await cdp.start() first`,
  },
  'config.start_once': {
    status: 500,
    title: 'Started already',
    detail: (p: { state: string }) =>
      `Cannot start: the instance is ${p.state}, and one starts only once; await its first start, or compose a new one`,
  },
  'plugin.start_failed': {
    status: 500,
    title: 'Plugin failed to start',
    detail: (p: { plugin: string; reason: string }) => `Cannot start plugin "${p.plugin}": ${p.reason}`,
  },
  'storage.busy': {
    status: 503,
    title: 'Database busy',
    detail: (p: { waitedMs: number }) =>
      `Cannot get the database's write lock: another process held it for ${p.waitedMs} ms; try again`,
  },
  'storage.superseded': {
    status: 409,
    title: 'Superseded',
    detail: (p: { key: string }) => `The query "${p.key}" was dropped because a later one replaced it`,
  },
  'storage.unavailable': {
    status: 503,
    title: 'Database unavailable',
    detail: (p: { reason: string }) => `Cannot reach the database: ${p.reason}`,
  },
  'storage.direct_write': {
    status: 500,
    title: 'Direct write refused',
    detail: (p: { table: string }) =>
      `Cannot write to "${p.table}" directly: subscribers would not see it; use t.repo(Entity), or t.projection('why', …) for derived tables`,
  },
  'storage.raw_table': {
    status: 500,
    title: 'Raw SQL refused',
    detail: (p: { fragment: string }) =>
      `Cannot run the raw SQL fragment "${p.fragment}": fragments may name columns and functions, not tables; build the query with ctx.db`,
  },
  'storage.unknown_table': {
    status: 500,
    title: 'Unknown table',
    detail: (p: { table: string }) =>
      `Cannot use the table "${p.table}": it is no entity of an installed plugin; name the entity, or add its plugin to dependsOn`,
  },
  'storage.statement': {
    status: 500,
    title: 'Statement refused',
    detail: (p: { statement: string; reason: string }) => `Cannot run ${p.statement}: ${p.reason}`,
  },
  'storage.parameter': {
    status: 500,
    title: 'Parameter refused',
    detail: (p: { what: string; wayOut: string }) => `Cannot bind ${p.what} to a statement: ${p.wayOut}`,
  },
  'storage.read_only': {
    status: 500,
    title: 'Write outside a transaction',
    detail: (p: { table: string }) =>
      `Cannot write to "${p.table}" outside a transaction: use ctx.tx(async (t) => …)`,
  },
  'storage.outer_handle': {
    status: 500,
    title: 'Wrong handle',
    detail: (_: { tenantId: string }) =>
      'Cannot use the outer context inside its own transaction: the statement would run outside it; use the t that ctx.tx or cdp.join hands to the function',
  },
  'storage.join_unfinished': {
    status: 500,
    title: 'Join is not done',
    detail: (p: { running: number }) =>
      `Cannot commit the host's transaction: ${p.running} of the calls of cdp.join in it are not done; await each of them`,
  },
  'storage.savepoints_crossed': {
    status: 500,
    title: 'Savepoints overlap',
    detail: (_: { tenantId: string }) =>
      'Cannot keep two overlapping t.tx calls of one transaction apart: undoing one would undo the other; await each before the next begins, or give each a ctx.tx of its own',
  },
  'storage.transaction_over': {
    status: 500,
    title: 'Transaction is over',
    detail: (_: { tenantId: string }) =>
      'Cannot use a transaction after it ended; await everything inside the function given to ctx.tx',
  },
  'migration.failed': {
    status: 500,
    title: 'Migration failed',
    detail: (p: { plugin: string; name: string; direction: 'up' | 'down'; reason: string }) =>
      `Cannot migrate ${p.direction} "${p.plugin}/${p.name}": ${p.reason}; nothing of it was kept`,
  },
  'migration.pending': {
    status: 503,
    title: 'Migrations pending',
    detail: (p: { pending: readonly string[] }) =>
      `Cannot start: ${p.pending.length} migrations have not run (${p.pending.join(', ')}); run "clientele migrate up"`,
  },
  'migration.cannot_undo': {
    status: 409,
    title: 'Cannot undo migration',
    detail: (p: { plugin: string; name: string; reason: string }) =>
      `Cannot undo the migration "${p.plugin}/${p.name}": ${p.reason}`,
  },
  'entity.not_found': {
    status: 404,
    title: 'Not found',
    detail: (p: { entity: string; id: string }) => `There is no "${p.entity}" with id ${p.id}`,
  },
  'entity.stale_version': {
    status: 412,
    title: 'Stale version',
    detail: (p: { entity: string; id: string; expected: number; actual: number; current: unknown }) =>
      `Cannot write "${p.entity}" ${p.id}: you saw version ${p.expected}, it is now ${p.actual}; read it again and repeat the change`,
  },
  'entity.conflict': {
    status: 409,
    title: 'Already exists',
    detail: (p: { entity: string; fields: readonly string[] }) =>
      `Cannot save "${p.entity}": another row has the same ${p.fields.join(', ')}`,
  },
  'entity.reference': {
    status: 409,
    title: 'Reference',
    detail: (p: { entity: string; fields: readonly string[]; action: 'save' | 'remove' }) =>
      p.action === 'remove'
        ? `Cannot remove "${p.entity}": another row still refers to it; remove that one first`
        : `Cannot save "${p.entity}": ${p.fields.join(' or ')} names a row that does not exist`,
  },
  'entity.invalid_value': {
    status: 422,
    title: 'Invalid value',
    detail: (p: { entity: string; fields: readonly string[]; reason?: string }) =>
      `Cannot save "${p.entity}": ${p.fields.join(', ') || 'a column'} ${p.reason ?? 'must not be empty'}`,
  },
  'event.loop': {
    status: 500,
    title: 'Event loop',
    detail: (p: { event: string; depth: number }) =>
      `Cannot announce "${p.event}": it is event ${p.depth} of a chain of events, and 16 is the limit; some handler announces what it handles`,
  },
  'event.unknown': {
    status: 500,
    title: 'Unknown event',
    detail: (p: { event: string }) =>
      `Cannot announce "${p.event}": no installed plugin declares it in its events`,
  },
  'event.payload': {
    status: 500,
    title: 'Wrong event payload',
    detail: (p: { event: string; issues: string }) => `Cannot announce "${p.event}": ${p.issues}`,
  },
  'job.input': {
    status: 500,
    title: 'Wrong job input',
    detail: (p: { job: string; issues: string }) => `Cannot enqueue "${p.job}": ${p.issues}`,
  },
  'job.unknown': {
    status: 500,
    title: 'Unknown job',
    detail: (p: { job: string }) => `Cannot enqueue "${p.job}": no installed plugin handles it`,
  },
  'job.lease_lost': {
    status: 409,
    title: 'Lease lost',
    detail: (p: { jobId: string }) =>
      `Job ${p.jobId} belongs to another worker by now; its effect here was refused`,
  },
  'keys.missing': {
    status: 500,
    title: 'No keys',
    detail: (_: { storage: string }) =>
      'Cannot start without encryption keys: set CLIENTELE_KEYS to "id:base64" (32 random bytes), for example "k1:$(openssl rand -base64 32)"',
  },
  'keys.invalid': {
    status: 500,
    title: 'Wrong keys',
    detail: (p: { reason: string }) =>
      `Cannot read the key ring: ${p.reason}; expected "id:base64,id:base64", 32 bytes each`,
  },
  'keys.unreadable': {
    status: 500,
    title: 'Unreadable secret',
    detail: (p: { purpose: string }) =>
      `Cannot decrypt "${p.purpose}": it was changed, or its key is no longer in CLIENTELE_KEYS`,
  },
  'rates.missing': {
    status: 422,
    title: 'No exchange rate',
    detail: (p: { from: string; to: string }) =>
      `Cannot convert ${p.from} to ${p.to}: no rate is known; provide the service Rates, for example with fixedRates()`,
  },
  'fetch.refused': {
    status: 422,
    title: 'Address refused',
    detail: (p: { url: string; reason: string }) => `Cannot send a request to "${p.url}": ${p.reason}`,
  },
  'fetch.failed': {
    status: 502,
    title: 'Request failed',
    detail: (p: { url: string; reason: string }) => `Got no answer from "${p.url}": ${p.reason}`,
  },
  'http.not_found': {
    status: 404,
    title: 'No such path',
    detail: (p: { method: string; path: string }) => `There is no ${p.method} ${p.path}; see /openapi.json`,
  },
  'http.method_not_allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: (p: { method: string; path: string; allowed: readonly string[] }) =>
      `Cannot ${p.method} ${p.path}: allowed are ${p.allowed.join(', ')}`,
  },
  'http.invalid_request': {
    status: 400,
    title: 'Invalid request',
    detail: (p: {
      part: 'params' | 'query' | 'body' | 'headers'
      issues: readonly { path: string; message: string }[]
    }) =>
      `Cannot take the ${p.part} of this request: ${p.issues.map((i) => (i.path ? `${i.path}: ${i.message}` : i.message)).join('; ')}`,
  },
  'http.malformed_json': {
    status: 400,
    title: 'Malformed JSON',
    detail: (p: { reason: string }) => `The body is not valid JSON: ${p.reason}`,
  },
  'http.body_too_large': {
    status: 413,
    title: 'Body too large',
    detail: (p: { limit: number }) => `The body is larger than ${p.limit} bytes`,
  },
  'http.body_already_read': {
    status: 415,
    title: 'Body already read',
    detail: (p: { contentType: string }) =>
      `Cannot take the body as it was sent: a body parser of the host has read it (${p.contentType || 'without a content type'}); send it as application/octet-stream, or mount cdp.router() before the parser`,
  },
  'http.unsupported_media_type': {
    status: 415,
    title: 'Unsupported media type',
    detail: (p: { contentType: string }) =>
      `Cannot read a body of type "${p.contentType}"; send application/json`,
  },
  'http.invalid_cursor': {
    status: 400,
    title: 'Invalid cursor',
    detail: (_: { field: 'cursor' }) =>
      'The cursor is not one of this list, sort and filter; start again without it',
  },
  'http.unknown_field': {
    status: 400,
    title: 'Unknown field',
    detail: (p: { field: string; use: 'filter' | 'sort'; allowed: readonly string[] }) =>
      `Cannot ${p.use} by "${p.field}"; allowed are ${p.allowed.join(', ')}`,
  },
  'http.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    detail: (_: { schemes: readonly string[] }) =>
      'This path needs credentials that are known; send a valid Authorization header',
  },
  'auth.invalid_credentials': {
    status: 401,
    title: 'Wrong credentials',
    detail: (p: { scheme: string; reason: string }) =>
      `Cannot sign you in by "${p.scheme}": ${p.reason}; get new credentials`,
  },
  'http.forbidden': {
    status: 403,
    title: 'Not allowed',
    detail: (p: { permission: string }) => `This needs the permission "${p.permission}"`,
  },
  'http.foreign_tenant': {
    status: 403,
    title: 'Not allowed',
    detail: (p: { tenantId: string }) => `The credentials do not reach tenant "${p.tenantId}"`,
  },
  'http.tenant_needed': {
    status: 400,
    title: 'No tenant named',
    detail: (_: {}) =>
      'The credentials reach many tenants and the request names none; put it into the path: /api/v1/tenants/{id}/…',
  },
  'http.internal': {
    status: 500,
    title: 'Internal error',
    detail: (p: { requestId: string }) =>
      `Something went wrong; the log names it under request ${p.requestId}`,
  },
})
