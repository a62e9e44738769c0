import type { Command } from '../command.ts'
import { painter } from '../colour.ts'
import { UsageError } from '../usage-error.ts'
import { count } from './migrate-up.ts'

export const migrateDown: Command = {
  name: 'migrate down',
  summary: 'Undo the last batch of migrations, or the last steps; their data is lost',
  options: {
    plugin: { type: 'string', value: 'ID', description: 'Only migrations of this plugin' },
    yes: { type: 'boolean', description: 'Do it: their tables and columns go with all they hold' },
    steps: { type: 'string', value: 'N', description: 'The last N migrations instead of the last batch' },
  },
  async run({ values, io, cdp }) {
    const { plugin, steps } = values as { plugin?: string; steps?: string }
    const which = {
      ...(plugin === undefined ? {} : { plugin }),
      ...(steps === undefined ? {} : { steps: parseSteps(steps) }),
    }
    if (!values['yes']) {
      const would = await cdp.migrations.down({ ...which, dryRun: true })
      if (would.length > 0)
        throw new UsageError(
          `This would undo ${would.join(', ')}, and what their tables hold is lost: add --yes to do it`,
        )
    }
    const undone = await cdp.migrations.down(which)
    const paint = painter(io)
    for (const name of undone) io.stdout.write(`${paint('yellow', 'undone')}  ${name}\n`)
    const of = plugin === undefined ? '' : ` of plugin "${plugin}"`
    io.stdout.write(
      undone.length === 0 ? `Nothing to do: no migration${of} has run\n` : `${count(undone.length)} undone\n`,
    )
  },
}

function parseSteps(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--steps takes a number from 1, not "${text}"`)
}
