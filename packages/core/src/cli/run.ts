import { CORE_VERSION } from '../version.ts'
import { helpOf } from './help.ts'
import type { Io } from './io.ts'
import { loadComposition } from './load-composition.ts'
import { commandOf, parseCall, wordsOfCommand, type ParsedCall } from './parse-call.ts'
import { UsageError } from './usage-error.ts'

/** 0: done. 1: it failed. 2: the command line is wrong. */
export type ExitCode = 0 | 1 | 2

/** Runs one command line (without the program's name) and answers its exit code; never throws. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let call: ParsedCall = { words: [], values: {} }
  try {
    call = parseCall(argv)
    await execute(call, io)
    return 0
  } catch (error) {
    return report(error, call, io)
  }
}

async function execute(call: ParsedCall, io: Io): Promise<void> {
  const { words, values } = call
  if (values['version']) return void io.stdout.write(`clientele ${CORE_VERSION}\n`)
  if (values['help']) return void io.stdout.write(helpOf(words))
  const { command, args } = commandOf(call)
  const cdp = await loadComposition(io.cwd, values['entry'] as string | undefined)
  try {
    await command.run({ values, args, io, cdp })
  } finally {
    await cdp.stop()
  }
}

function report(error: unknown, { words, values }: ParsedCall, io: Io): ExitCode {
  const isUsage = error instanceof UsageError
  io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (isUsage) io.stderr.write(`See ${['clientele', ...wordsOfCommand(words), '--help'].join(' ')}\n`)
  if (values['verbose']) io.stderr.write(`\n${trace(error)}\n`)
  return isUsage ? 2 : 1
}

/** The stack of an error and of what caused it. */
function trace(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${trace(error.cause)}`
}
