import type { Command } from '../command.ts'
import { painter } from '../colour.ts'

export const migrateUp: Command = {
  name: 'migrate up',
  summary: 'Run the migrations that have not run',
  options: {},
  async run({ io, cdp }) {
    const ran = await cdp.migrations.up()
    const paint = painter(io)
    for (const name of ran) io.stdout.write(`${paint('green', 'ran')}  ${name}\n`)
    io.stdout.write(
      ran.length === 0 ? 'Nothing to do: all migrations have run\n' : `${count(ran.length)} ran\n`,
    )
  },
}

export function count(migrations: number): string {
  return migrations === 1 ? '1 migration' : `${migrations} migrations`
}
