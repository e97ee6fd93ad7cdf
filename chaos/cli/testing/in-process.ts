import { systemClock } from '#chaos/lib/clock.ts'

import { runProgram } from '../program.ts'

export interface InProcessResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line in this process. For commands that start no sandbox. */
export async function runInProcess(
  rawArgs: readonly string[],
  options: {
    readonly home: string
    readonly columns?: number
    readonly environment?: Readonly<Record<string, string>>
  },
): Promise<InProcessResult> {
  const stream = () => {
    const parts: string[] = []
    return { parts, columns: options.columns ?? 80, write: (text: string) => parts.push(text) }
  }
  const [stdout, stderr] = [stream(), stream()]
  const status = await runProgram({
    rawArgs,
    environment: { UNHAPPY_HOME: options.home, UNHAPPY_PROGRAM: 'unhappy', ...options.environment },
    stdout,
    stderr,
    stdinIsTerminal: false,
    shutdown: {
      signal: new AbortController().signal,
      now: () => undefined,
      statusOfSignal: () => 130,
    },
    clock: systemClock,
  })
  return { status, stdout: stdout.parts.join(''), stderr: stderr.parts.join('') }
}
