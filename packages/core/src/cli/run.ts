import type { Clientele } from '../clientele.types.ts'
import { CORE_VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { helpOf } from './help.ts'
import type { Io } from './io.ts'
import { loadComposition } from './load-composition.ts'
import { commandOf, parseCall, wordsOf, wordsOfCommand, type ParsedCall } from './parse-call.ts'
import { UsageError } from './usage-error.ts'

/** 0: done. 1: it failed. 2: the command line is wrong. */
export type ExitCode = 0 | 1 | 2

/** Runs one command line (without the program's name) and answers its exit code; never throws. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let call: ParsedCall = { words: [], values: {} }
  let known = commands
  let loaded: Clientele | undefined
  try {
    loaded = await compositionOf(argv, io)
    known = [...commands, ...(loaded?.operate.commands ?? [])]
    call = parseCall(argv, known)
    const { words, values } = call
    if (values['version']) return said(io, `clientele ${CORE_VERSION}\n`)
    if (values['help']) return said(io, helpOf(words, known))
    const { command, args } = commandOf(call, known)
    const cdp = (loaded ??= await loadComposition(io.cwd, values['entry'] as string | undefined))
    await command.run({ values, args, io, cdp })
    return 0
  } catch (error) {
    return report(error, { call, known }, io)
  } finally {
    await loaded?.stop()
  }
}

/** The composition, if it takes one to know the command or all of them: the words name none of the core's. */
async function compositionOf(argv: readonly string[], io: Io): Promise<Clientele | undefined> {
  const { words, values } = wordsOf(argv)
  const [first] = words
  const asksForAll = first === undefined && values['help'] === true
  const isOfCore = first === undefined || commands.some(({ name }) => name.split(' ')[0] === first)
  if (isOfCore && !asksForAll) return undefined
  try {
    return await loadComposition(io.cwd, values['entry'] as string | undefined)
  } catch (error) {
    // There may be no plugins to ask; that there is no such command is what matters then. Help is there whatever ails.
    if (asksForAll || error instanceof UsageError) return undefined
    throw error
  }
}

function said(io: Io, text: string): ExitCode {
  io.stdout.write(text)
  return 0
}

interface Understood {
  readonly call: ParsedCall
  readonly known: readonly Command[]
}

function report(error: unknown, { call: { words, values }, known }: Understood, io: Io): ExitCode {
  const isUsage = error instanceof UsageError
  io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (isUsage) io.stderr.write(`See ${['clientele', ...wordsOfCommand(words, known), '--help'].join(' ')}\n`)
  if (values['verbose']) io.stderr.write(`\n${trace(error)}\n`)
  return isUsage ? 2 : 1
}

/** The stack of an error and of what caused it. */
function trace(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${trace(error.cause)}`
}
