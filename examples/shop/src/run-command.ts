import { isClienteleError } from '@clientele/core'
import { UsageError } from './usage-error.ts'

/**
 * Runs a command until it is done or the person ends it (SIGINT, SIGTERM aborts the signal; a second one ends the
 * process at once). What they can put right is told in a line, anything else with its stack; both exit with 1.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  }
  try {
    await command(controller.signal)
  } catch (error) {
    if (controller.signal.aborted && error === controller.signal.reason) {
      process.stderr.write('stopped\n')
      process.exitCode = 130
      return
    }
    const isExpected = error instanceof UsageError || isClienteleError(error)
    process.stderr.write(`${isExpected ? error.message : inspectable(error)}\n`)
    process.exitCode = 1
  }
}

function inspectable(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
