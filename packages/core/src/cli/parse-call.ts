import { parseArgs } from 'node:util'
import type { Command, CommandOption, OptionValues } from './command.ts'
import { commands, commonOptions } from './commands.ts'
import { UsageError } from './usage-error.ts'

export interface ParsedCall {
  /** The words of the command line that are no options. */
  readonly words: readonly string[]
  readonly values: OptionValues
}

/** The words of a command line, whatever its options mean. */
export function wordsOf(argv: readonly string[]): ParsedCall {
  const { positionals, values } = parseArgs({
    args: [...argv],
    options: optionsOf(commands),
    allowPositionals: true,
    strict: false,
  })
  return { words: positionals, values: { ...values } }
}

/** @throws UsageError for options that no command has */
export function parseCall(argv: readonly string[], known: readonly Command[] = commands): ParsedCall {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      options: optionsOf(known),
      allowPositionals: true,
      strict: true,
    })
    return { words: positionals, values: { ...values } as OptionValues }
  } catch (cause) {
    throw new UsageError((cause as Error).message.replace(/\. To specify a positional.*$/s, ''), { cause })
  }
}

function optionsOf(
  known: readonly Command[],
): Record<string, { type: 'string' | 'boolean'; multiple: boolean }> {
  const all = { ...Object.assign({}, ...known.map(({ options }) => options)), ...commonOptions } as Record<
    string,
    CommandOption
  >
  return Object.fromEntries(
    Object.entries(all).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  )
}

/** What a command line asks for. */
export interface NamedCall {
  readonly command: Command
  readonly args: readonly string[]
}

/** @throws UsageError when the words name no command, its arguments are not these, or an option is another command's */
export function commandOf({ words, values }: ParsedCall, known: readonly Command[] = commands): NamedCall {
  const command = commandNamed(words, known)
  if (!command) {
    const family = known.filter(({ name }) => name.startsWith(`${words[0]} `))
    const names = (family.length > 0 ? family : known).map((one) => one.name)
    throw new UsageError(`${unknown(words.join(' '), known)}; there are ${names.join(', ')}`)
  }
  const { name, args: declared = [], options } = command
  const args = words.slice(name.split(' ').length)
  const missing = declared[args.length]
  if (missing) throw new UsageError(`"clientele ${name}" needs ${missing.value}: ${missing.description}`)
  const excess = args[declared.length]
  if (excess !== undefined) throw new UsageError(`"clientele ${name}" has no use for "${excess}"`)
  const foreign = Object.keys(values).find((option) => !(option in options) && !(option in commonOptions))
  if (foreign) throw new UsageError(`"clientele ${name}" takes no option --${foreign}`)
  return { command, args }
}

/** The words that name a command at the beginning of these; none when they name none. */
export function wordsOfCommand(
  words: readonly string[],
  known: readonly Command[] = commands,
): readonly string[] {
  return commandNamed(words, known)?.name.split(' ') ?? []
}

function commandNamed(words: readonly string[], known: readonly Command[]): Command | undefined {
  return known.find(({ name }) => startsWith(words, name.split(' ')))
}

function startsWith(words: readonly string[], name: readonly string[]): boolean {
  return name.every((word, place) => words[place] === word)
}

function unknown(name: string, known: readonly Command[]): string {
  if (name === '') return 'Name a command'
  return known.some((one) => one.name.startsWith(`${name} `))
    ? `Say what to ${name}`
    : `There is no command "${name}"`
}
