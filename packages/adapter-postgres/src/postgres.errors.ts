import { defineErrors } from '@clientele/core'

/** Errors only PostgreSQL can cause. Codes are listed in `docs/reference/errors.md`. */
export const postgresErrors = defineErrors({
  'postgres.too_old': {
    status: 500,
    title: 'PostgreSQL too old',
    detail: (p: { version: string; minimum: number }) =>
      `Cannot use PostgreSQL ${p.version}: at least version ${p.minimum} is needed; upgrade the server`,
  },
  'postgres.options': {
    status: 500,
    title: 'Wrong PostgreSQL options',
    detail: (p: { problem: string }) => `Cannot use these options of postgres(): ${p.problem}`,
  },
  'postgres.rolled_back': {
    status: 500,
    title: 'Nothing was committed',
    detail: (_: { readonly at: 'commit' }) =>
      'Cannot commit: a statement of this transaction had failed and its error was caught, so PostgreSQL rolled everything back; let the error pass, or run what may fail in t.tx(…)',
  },
  'postgres.no_tool': {
    status: 500,
    title: 'PostgreSQL tool missing',
    detail: (p: { tool: string; command: string }) =>
      `Cannot back up: ${p.tool} is not on the PATH; install the client tools of the server's version, or run where they are: ${p.command}`,
  },
  'postgres.not_a_connection': {
    status: 500,
    title: 'Not an open transaction',
    detail: (p: { problem: string }) =>
      `Cannot join the host's transaction: ${p.problem}; pass the client on which the host has run BEGIN`,
  },
  'postgres.nul_character': {
    status: 422,
    title: 'Text with a NUL character',
    detail: (_: Readonly<Record<string, never>>) =>
      'Cannot store or look up text that holds the character NUL (U+0000): PostgreSQL has no place for it; leave it out',
  },
  'postgres.unsafe_integer': {
    status: 500,
    title: 'Integer out of range',
    detail: (p: { value: string }) =>
      `Cannot read the integer ${p.value}: it is beyond ±${Number.MAX_SAFE_INTEGER} and would lose digits`,
  },
  'postgres.unreadable_instant': {
    status: 500,
    title: 'Unreadable instant',
    detail: (p: { value: string }) =>
      `Cannot read the instant "${p.value}": it is infinite, or the connection's DateStyle is not ISO; SET DateStyle = 'ISO'`,
  },
})
