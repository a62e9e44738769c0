import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command, CommandCall } from '@clientele/core'
import type { AuditCheckpoint } from '../audit.options.ts'
import { AuditTrail } from '../entry/entry.service.ts'
import type { AuditVerification } from './verify-trail.ts'

const tenant = {
  type: 'string',
  value: 'ID',
  description: 'Whose trail, where there are many tenants; else of all of them',
} as const

/** `clientele audit verify`: exits with 1 when somebody has touched a trail. */
export const verifyCommand: Command = {
  name: 'audit verify',
  summary: 'Check that nobody has touched the audit trail',
  options: {
    tenant,
    checkpoint: {
      type: 'string',
      value: 'FILE',
      description: 'Checkpoints that were kept elsewhere, as `audit checkpoint` or the log wrote them',
    },
  },
  async run(call) {
    const { values, io, cdp } = call
    const file = values['checkpoint'] as string | undefined
    const checkpoints = file === undefined ? null : await readCheckpoints(resolve(io.cwd, file))
    await cdp.start({ workers: false })
    let problems = 0
    for (const tenantId of await tenantsOf(call)) {
      const { ctx } = cdp.as({ tenantId })
      const checkpoint = checkpoints?.get(tenantId)
      const found = await ctx.get(AuditTrail).verify(ctx, checkpoint ? { checkpoint } : {})
      io.stdout.write(report(found))
      problems += found.problems.length
    }
    if (problems > 0)
      throw new Error(
        `The audit trail has been touched: ${problems === 1 ? '1 problem' : `${problems} problems`}`,
      )
  },
}

/** `clientele audit checkpoint`: to be kept where whoever may write to the database may not. */
export const checkpointCommand: Command = {
  name: 'audit checkpoint',
  summary: 'Write where the audit trail stands, signed, a line for each tenant',
  options: { tenant },
  async run(call) {
    const { io, cdp } = call
    await cdp.start({ workers: false })
    for (const tenantId of await tenantsOf(call)) {
      const { ctx } = cdp.as({ tenantId })
      const checkpoint = await ctx.get(AuditTrail).checkpoint(ctx)
      if (checkpoint) io.stdout.write(`${JSON.stringify(checkpoint)}\n`)
    }
  },
}

async function tenantsOf({ values, cdp }: CommandCall): Promise<readonly string[]> {
  const named = values['tenant'] as string | undefined
  return named === undefined ? cdp.operate.tenants() : [named]
}

/** The last checkpoint of each tenant in a file of such lines, be they of the command or of the log. */
async function readCheckpoints(file: string): Promise<ReadonlyMap<string, AuditCheckpoint>> {
  const found = new Map<string, AuditCheckpoint>()
  for (const line of (await textOf(file)).split('\n')) {
    const checkpoint = checkpointIn(line)
    if (checkpoint) found.set(checkpoint.tenantId, checkpoint)
  }
  if (found.size > 0) return found
  throw new Error(`${file} holds no checkpoint: a line of JSON, as "clientele audit checkpoint" writes it`)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : message
    throw new Error(`Cannot read checkpoints from ${file}: ${reason}`, { cause })
  }
}

function checkpointIn(line: string): AuditCheckpoint | null {
  try {
    const read = JSON.parse(line) as Partial<AuditCheckpoint> & { readonly checkpoint?: AuditCheckpoint }
    const checkpoint = read.checkpoint ?? read
    return typeof checkpoint.seq === 'number' && checkpoint.signature ? (checkpoint as AuditCheckpoint) : null
  } catch {
    return null
  }
}

function report({ tenantId, entries, from, to, pending, problems }: AuditVerification): string {
  const range = entries === 0 ? 'no entries' : `entries ${from} to ${to}`
  const waiting = pending === 0 ? '' : `, ${pending} not yet numbered`
  const head = `${tenantId}: ${range}${waiting}: ${problems.length === 0 ? 'untouched' : 'TOUCHED'}\n`
  return head + problems.map(({ kind, message }) => `  ${kind}: ${message}\n`).join('')
}
