import type { Command, CommandOption } from './command.ts'
import { backup } from './commands/backup.ts'
import { doctor } from './commands/doctor.ts'
import { exportRows } from './commands/export.ts'
import { importRows } from './commands/import.ts'
import { migrateDown } from './commands/migrate-down.ts'
import { migrateNew } from './commands/migrate-new.ts'
import { migrateStatus } from './commands/migrate-status.ts'
import { migrateUp } from './commands/migrate-up.ts'
import { openapi } from './commands/openapi.ts'
import { routes } from './commands/routes.ts'
import { worker } from './commands/worker.ts'

export const commands: readonly Command[] = [
  migrateUp,
  migrateDown,
  migrateStatus,
  migrateNew,
  worker,
  openapi,
  routes,
  importRows,
  exportRows,
  backup,
  doctor,
]

/** What every command takes. */
export const commonOptions: Readonly<Record<string, CommandOption>> = {
  entry: {
    type: 'string',
    value: 'FILE',
    description: 'The module that exports the composition as cdp; else package.json names it',
  },
  verbose: { type: 'boolean', description: 'Show where an error comes from' },
  help: { type: 'boolean', description: 'Show this' },
  version: { type: 'boolean', description: 'Show the version' },
}
