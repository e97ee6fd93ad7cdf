import type { ArgsDef, ParsedArgs } from 'citty'

import type { Cli } from './cli.ts'

/** One command of the CLI. Its name and its line in the list of commands are in `commands/index.ts`. */
export interface Command<Args extends ArgsDef = ArgsDef> {
  /** More than the one line of the list: what it does, what it leaves alone. */
  readonly about?: string
  readonly args?: Args
  /** Command lines that work as they stand. */
  readonly examples?: readonly string[]
  /** Reads its arguments itself: they come as they were typed. */
  readonly passesArguments?: boolean
  /** The last argument may come several times. */
  readonly takesMore?: boolean
  readonly subCommands?: CommandList
  /** What one of them is, when it is more than a command: `fault`. */
  readonly subCommandWord?: string
  /** Returns the exit status; nothing means 0. */
  run?(context: {
    readonly args: ParsedArgs<Args>
    readonly rawArgs: readonly string[]
    readonly cli: Cli
  }): Promise<number | void>
}

export interface CommandEntry {
  readonly description: string
  /** Heading under which `--help` lists it. */
  readonly group?: string
  load(): Promise<AnyCommand>
}

export type CommandList = Readonly<Record<string, CommandEntry>>

/** A command whose arguments have been forgotten: what the dispatcher handles. */
export type AnyCommand = Omit<Command, 'run'> & {
  run?(context: {
    readonly args: never
    readonly rawArgs: readonly string[]
    readonly cli: Cli
  }): Promise<number | void>
}

/** Only gives the types to a literal. */
export function defineCommand<const Args extends ArgsDef>(command: Command<Args>): Command<Args> {
  return command
}
