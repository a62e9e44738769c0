import { defineErrors } from '@clientele/core'

/** Errors only SQLite can cause. Codes are listed in `docs/reference/errors.md`. */
export const sqliteErrors = defineErrors({
  'sqlite.options': {
    status: 500,
    title: 'Wrong SQLite options',
    detail: (p: { problem: string }) => `Cannot use these options of sqlite(): ${p.problem}`,
  },
  'sqlite.too_old': {
    status: 500,
    title: 'SQLite too old',
    detail: (p: { version: string; minimum: string }) =>
      `Cannot use SQLite ${p.version}: it can corrupt a database that several connections write to; open it with a better-sqlite3 that brings SQLite ${p.minimum} or later`,
  },
  'sqlite.not_a_connection': {
    status: 500,
    title: 'Not an open transaction',
    detail: (p: { problem: string }) =>
      `Cannot join the host's transaction: ${p.problem}; compose with sqlite({ database }) and pass the connection that hostTransaction gives`,
  },
})
