import { homeAt, usersFolder } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { rootCommand, rootDescription } from './commands/index.ts'
import { exitStatus } from './exit-status.ts'
import { errorText, readGlobals, runCli } from './run.ts'
import type { ShutdownSignal } from './shutdown-signal.ts'
import { createPrinter } from './ui/printer.ts'
import type { WritableLike } from './ui/printer.ts'

/** What the program gets from its process. */
export interface ProgramContext {
  readonly rawArgs: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: WritableLike
  readonly stderr: WritableLike
  readonly stdinIsTerminal: boolean
  readonly shutdown: ShutdownSignal
  readonly clock: Clock
}

/** Runs one command line and returns the exit status. Prints errors and their remedies on standard error. */
export async function runProgram(context: ProgramContext): Promise<number> {
  const { rawArgs, environment, stdinIsTerminal, shutdown, clock } = context
  const program = environment['UNHAPPY_PROGRAM'] ?? 'npx unhappy'
  const noColour = rawArgs.includes('--no-color')
  const err = createPrinter(context.stderr, { noColour, environment })
  const out = createPrinter(context.stdout, { noColour, environment })
  try {
    return await runCli(rootCommand, rootDescription, rawArgs, ({ json, slot }) => ({
      home: homeAt(environment['UNHAPPY_HOME'] || usersFolder),
      out,
      err,
      interactive: !json && stdinIsTerminal && err.isTerminal,
      json,
      program,
      slot,
      environment,
      signal: shutdown.signal,
      clock,
    }))
  } catch (error) {
    if (shutdown.signal.aborted) return shutdown.statusOfSignal()
    const debug = (environment['DEBUG'] ?? '') !== ''
    const { message, remedy } = errorText(error, { debug, program })
    err.line(err.colours.red(message))
    if (remedy !== undefined) err.line(remedy)
    if (wantsJson(rawArgs)) out.line(JSON.stringify({ error: message, ...(remedy && { remedy }) }))
    return exitStatus.badInput
  }
}

function wantsJson(rawArgs: readonly string[]): boolean {
  try {
    return readGlobals(rawArgs).json
  } catch {
    return false
  }
}
