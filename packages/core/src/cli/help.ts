import type { Command, CommandOption } from './command.ts'
import { commands, commonOptions } from './commands.ts'

/** The help for a command, for a group of them (`migrate`), or for all. */
export function helpOf(words: readonly string[], known: readonly Command[] = commands): string {
  const name = words.join(' ')
  const command = known.find((one) => name === one.name || name.startsWith(`${one.name} `))
  if (command) return commandHelp(command)
  const group = known.filter((one) => one.name.startsWith(`${name} `))
  return listHelp(
    group.length > 0 ? `clientele ${name} COMMAND` : 'clientele COMMAND',
    group.length > 0 ? group : known,
  )
}

function commandHelp({ name, summary, args = [], options }: Command): string {
  const usage = ['Usage: clientele', name, ...args.map(({ value }) => value), '[options]'].join(' ')
  const lines = args.map(({ value, description }) => [value, description] as const)
  const explained = args.length > 0 ? `Arguments:\n${columns(lines)}\n` : ''
  return `${usage}\n\n${summary}.\n\n${explained}${optionList({ ...options, ...commonOptions })}`
}

function listHelp(usage: string, listed: readonly Command[]): string {
  const lines = listed.map(({ name, summary }) => [name, summary] as const)
  return `Usage: ${usage} [options]\n\nCommands:\n${columns(lines)}\n${optionList(commonOptions)}`
}

function optionList(options: Readonly<Record<string, CommandOption>>): string {
  const lines = Object.entries(options).map(
    ([name, { value, description }]) => [value ? `--${name} ${value}` : `--${name}`, description] as const,
  )
  return `Options:\n${columns(lines)}`
}

function columns(lines: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...lines.map(([left]) => left.length))
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')
}
