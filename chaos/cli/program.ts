import { homeAt, projectRoot } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { root, rootAbout } from './commands/index.ts'
import type { Ending } from './ending.ts'
import { errorText, exitStatus, readGlobals, runCli } from './run.ts'
import { createOutput } from './ui/output.ts'
import type { WritableLike } from './ui/output.ts'

/** The world outside, as the program sees it. */
export interface Surroundings {
  readonly rawArgs: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: WritableLike
  readonly stderr: WritableLike
  readonly stdinIsTerminal: boolean
  readonly end: Ending
  readonly clock: Clock
}

/** Runs one command line and returns the exit status. What went wrong is told on standard error, with a remedy. */
export async function runProgram(surroundings: Surroundings): Promise<number> {
  const { rawArgs, environment, stdinIsTerminal, end, clock } = surroundings
  const program = environment['UNHAPPY_PROGRAM'] ?? 'npx unhappy'
  const noColour = rawArgs.includes('--no-color')
  const err = createOutput(surroundings.stderr, { noColour, environment })
  const out = createOutput(surroundings.stdout, { noColour, environment })
  try {
    return await runCli(root, rootAbout, rawArgs, ({ json, slot }) => ({
      home: homeAt(environment['UNHAPPY_HOME'] || projectRoot),
      out,
      err,
      interactive: !json && stdinIsTerminal && err.isTerminal,
      json,
      program,
      slot,
      environment,
      signal: end.signal,
      clock,
    }))
  } catch (error) {
    if (end.signal.aborted) return end.statusOfSignal()
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
