import type { ArgsDef, ParsedArgs } from 'citty'

import type { Cli } from './cli.ts'

/** One command of the CLI. Its name and its one-line description are in `commands/index.ts` or in its parent's list. */
export interface Command<Args extends ArgsDef = ArgsDef> {
  /** The paragraph below the description: what the command does and what it leaves unchanged. */
  readonly about?: string
  readonly args?: Args
  /** Command lines that work as they are written. */
  readonly examples?: readonly string[]
  /** The command parses `rawArgs` itself; `args` then holds defaults only. */
  readonly readsRawArguments?: boolean
  /** The last argument may be given several times. */
  readonly acceptsExtraArguments?: boolean
  readonly subCommands?: CommandList
  /** A first word of this form is an argument, and not the name of a sub-command. */
  readonly argumentForm?: RegExp
  /** Noun for a sub-command in errors, if it is not "command": `fault`. */
  readonly subCommandNoun?: string
  /** Returns the exit status; undefined means 0. */
  run?(context: {
    readonly args: ParsedArgs<Args>
    readonly rawArgs: readonly string[]
    readonly cli: Cli
  }): Promise<number | void>
}

export interface CommandEntry {
  readonly description: string
  /** Heading under which `--help` lists the command. */
  readonly group?: string
  load(): Promise<AnyCommand>
}

export type CommandList = Readonly<Record<string, CommandEntry>>

/** A command without the types of its arguments: the dispatcher handles every command as this type. */
export type AnyCommand = Omit<Command, 'run'> & {
  run?(context: {
    readonly args: never
    readonly rawArgs: readonly string[]
    readonly cli: Cli
  }): Promise<number | void>
}

/** Infers the types of a command's arguments from its literal. */
export function defineCommand<const Args extends ArgsDef>(command: Command<Args>): Command<Args> {
  return command
}

/** An entry whose module is loaded when the command is called. */
export function commandEntry(
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { description, load: async () => (await load()).default }
}
