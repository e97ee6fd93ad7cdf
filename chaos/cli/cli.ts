import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Output } from './ui/output.ts'

/** What every command may use of the world outside: tests give their own. */
export interface Cli {
  /** Folder that holds `.unhappy/`, `my-work/` and `runs/`; the project's root unless UNHAPPY_HOME says otherwise. */
  readonly home: Home
  /** Results. */
  readonly out: Output
  /** Progress, questions and complaints. */
  readonly err: Output
  /** A person sits there: questions may be asked. */
  readonly interactive: boolean
  /** Machine-readable results; nothing is asked. */
  readonly json: boolean
  /** How the user calls us: `unhappy`, `npx unhappy`. For every command line that we suggest. */
  readonly program: string
  /** The sandbox that the user named. */
  readonly slot: number | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborts when the user or the parent wants us gone. */
  readonly signal: AbortSignal
  readonly clock: Clock
}
