import { constants } from 'node:os'

import type { Clock } from '#chaos/lib/clock.ts'

/** Ctrl-C can reach the program twice: from the terminal and from the parent process. Both arrive within this time. */
const sameSignalMs = 1_000

export interface ShutdownSignal {
  /** Aborts on the first SIGINT, SIGTERM or SIGHUP, or when the parent process ends and its IPC channel closes. */
  readonly signal: AbortSignal
  /** Starts the same shutdown when the reader of the output is gone. */
  now(): void
  /** The exit status that a shell expects: 128 + the signal's number. */
  statusOfSignal(): number
}

/** The first signal lets the command clean up. A second signal, more than a second later, ends the program at once. */
export function watchForShutdown(process: NodeJS.Process, clock: Clock): ShutdownSignal {
  const controller = new AbortController()
  let first: { readonly signal: NodeJS.Signals; readonly atMs: number } | undefined
  const end = (signal: NodeJS.Signals): void => {
    const now = clock.now()
    if (first === undefined) {
      first = { signal, atMs: now }
      controller.abort(new Error(`ended by ${signal}`))
    } else if (now - first.atMs > sameSignalMs) process.exit(statusOf(signal))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => end(signal))
  process.on('disconnect', () => end('SIGHUP'))
  process.channel?.unref()
  return {
    signal: controller.signal,
    now: () => end('SIGPIPE'),
    statusOfSignal: () => statusOf(first?.signal ?? 'SIGTERM'),
  }
}

function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
