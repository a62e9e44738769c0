import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from '../command.ts'

export const openapi: Command = {
  name: 'openapi',
  summary: 'Print the OpenAPI 3.1 document',
  options: { out: { type: 'string', value: 'FILE', description: 'Write it to a file' } },
  async run({ values, io, cdp }) {
    const text = `${JSON.stringify(cdp.openapi(), null, 2)}\n`
    const out = values['out'] as string | undefined
    if (out !== undefined) await writeFile(resolve(io.cwd, out), text)
    io.stdout.write(out === undefined ? text : `Wrote ${resolve(io.cwd, out)}\n`)
  },
}
