import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Printer } from './ui/printer.ts'

/** Everything outside the program that a command may use. Tests pass their own. */
export interface Cli {
  /** Folder that holds `.unhappy/`, `my-work/` and `runs/`: the project's root, or UNHAPPY_HOME if it is set. */
  readonly home: Home
  /** Results. */
  readonly out: Printer
  /** Progress, questions and errors. */
  readonly err: Printer
  /** A user is at the terminal: the command may ask questions. */
  readonly interactive: boolean
  /** Results are printed as JSON, and no question is asked. */
  readonly json: boolean
  /** How the user calls the program: `unhappy` or `npx unhappy`. Used in every suggested command line. */
  readonly program: string
  /** The sandbox that `--sandbox` names. */
  readonly slot: number | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborts when the user or the parent process asks the program to end. */
  readonly signal: AbortSignal
  readonly clock: Clock
}
