import { constants } from 'node:os'

import type { Clock } from '#chaos/lib/clock.ts'

/** A second signal within this time is the terminal and our parent telling us the same thing. */
const sameSignalMs = 1_000

export interface Ending {
  /** Aborts on the first SIGINT, SIGTERM or SIGHUP, and when the parent that tethered us is gone. */
  readonly signal: AbortSignal
  /** As if the user had asked for it: nobody reads us any more. */
  now(): void
  /** What a shell expects of a program that ended by that signal. */
  statusOfSignal(): number
}

/** The first wish to end lets commands clean up; a second one, a while later, ends at once. */
export function ending(process: NodeJS.Process, clock: Clock): Ending {
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
