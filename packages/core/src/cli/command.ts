import type { Clientele } from '../clientele.types.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'
import type { Io } from './io.ts'

/** What stands behind `--`. */
export interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly description: string
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string
  /** May be given several times; its values come as a list. */
  readonly multiple?: true
}

/** A word after the command's name; all are required. */
export interface CommandArgument {
  /** What stands for it in the help: `FILE`. */
  readonly value: string
  readonly description: string
}

/** What was given for each option. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** What `clientele NAME` does. */
export interface Command {
  /** One word or two: `worker`, `migrate up`. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** In order; none when left out. */
  readonly args?: readonly CommandArgument[]
  readonly options: Readonly<Record<string, CommandOption>>
  run(call: CommandCall): Promise<void>
}

/** Where plugins add commands, such as `audit verify`; one that the core has already is never asked. */
export const Commands = defineExtensionPoint<Command>('core.commands')

/** One call of a command. */
export interface CommandCall {
  readonly values: OptionValues
  /** As many as the command declares. */
  readonly args: readonly string[]
  readonly io: Io
  /** The composition that the entry module exports; not started. */
  readonly cdp: Clientele
}
