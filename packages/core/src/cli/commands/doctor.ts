import { ok, overall, warn, type Check } from '../../observe/check.ts'
import { painter } from '../colour.ts'
import type { Command } from '../command.ts'
import { copiesOfCore } from '../copies-of-core.ts'
import type { Io } from '../io.ts'

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look for what is wrong, and say the way out; changes nothing',
  options: {
    deep: { type: 'boolean', description: 'Read the whole database for damage, too' },
    json: { type: 'boolean', description: 'A JSON array: name, status, message, wayOut' },
  },
  async run({ values, io, cdp }) {
    const found = await cdp.operate.diagnose({ deep: values['deep'] === true })
    const checks = [copiesCheck(await copiesOfCore(io.cwd)), ...found]
    io.stdout.write(values['json'] ? `${JSON.stringify(checks)}\n` : list(checks, io))
    if (overall(checks) === 'fail') {
      const failed = checks.filter(({ status }) => status === 'fail').map(({ name }) => name)
      throw new Error(`Something is wrong: ${failed.join(', ')}`)
    }
  },
}

function copiesCheck(copies: readonly string[]): Check {
  if (copies.length <= 1) return ok('packages', 'There is one copy of @clientele/core')
  return warn(
    'packages',
    `There are ${copies.length} copies of @clientele/core: ${copies.join(', ')}`,
    'npm dedupe, or install the same version everywhere',
  )
}

function list(checks: readonly Check[], io: Io): string {
  const paint = painter(io)
  const width = Math.max(...checks.map(({ name }) => name.length))
  return checks
    .map(({ name, status, message, wayOut }) => {
      const line = `${paint(COLOURS[status], status.padEnd(4))}  ${name.padEnd(width)}  ${message}\n`
      return wayOut === undefined ? line : `${line}${' '.repeat(width + 8)}→ ${wayOut}\n`
    })
    .join('')
}
