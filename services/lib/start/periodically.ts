import { setTimeout as sleep } from 'node:timers/promises'

import type { Log } from './log.ts'

export interface Periodic {
  /** Starts no further round. Resolves when the current one has ended. */
  stop(): Promise<void>
}

/**
 * Runs the task periodically, `intervalMs` after the end of the previous round, so rounds never
 * overlap. A failed round is logged, and the next one follows.
 */
export function periodically(
  name: string,
  options: { readonly intervalMs: number; readonly log: Log },
  task: () => Promise<void>,
): Periodic {
  const stopping = new AbortController()
  const rounds = run()

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await task()
      } catch (error) {
        options.log.warn({ err: error, task: name }, 'round failed')
      }
      await sleep(jitter(options.intervalMs), undefined, { signal: stopping.signal }).catch(
        () => {},
      )
    }
  }

  return {
    async stop() {
      stopping.abort()
      await rounds
    },
  }
}

/** Jitter: instances that started together must not run their rounds together. */
function jitter(intervalMs: number): number {
  return intervalMs * (0.75 + Math.random() / 2)
}
