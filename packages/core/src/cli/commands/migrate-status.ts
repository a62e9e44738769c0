import type { MigrationStatus } from '../../migration/migrator.ts'
import { painter } from '../colour.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { formatTable } from '../table.ts'
import { count } from './migrate-up.ts'

export const migrateStatus: Command = {
  name: 'migrate status',
  summary: 'Show which migrations have run',
  options: { json: { type: 'boolean', description: 'One JSON object: applied, pending, orphans' } },
  async run({ values, io, cdp }) {
    const status = await cdp.migrations.status()
    io.stdout.write(values['json'] ? `${JSON.stringify(status)}\n` : describe(status, io))
  },
}

function describe({ applied, pending, orphans }: MigrationStatus, io: Io): string {
  const paint = painter(io)
  const unknown = new Set(orphans.map(({ plugin, name }) => `${plugin}/${name}`))
  const rows = [
    ...applied.map(({ plugin, name, at }) =>
      unknown.has(`${plugin}/${name}`)
        ? [paint('red', 'not installed'), plugin, name, at]
        : [paint('green', 'applied'), plugin, name, at],
    ),
    ...pending.map(({ plugin, name }) => [paint('yellow', 'pending'), plugin, name]),
  ]
  const verdict =
    pending.length === 0
      ? 'All migrations have run'
      : `${count(pending.length)} pending: clientele migrate up`
  return `${formatTable(['state', 'plugin', 'migration', 'at'], rows)}${verdict}\n`
}
