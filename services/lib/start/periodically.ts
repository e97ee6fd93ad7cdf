import { setTimeout as sleep } from 'node:timers/promises'

import type { Log } from './log.ts'

export interface Periodic {
  /** No further round begins; resolves when the current one has ended. */
  stop(): Promise<void>
}

/**
 * Runs the task again and again, `intervalMs` after the end of the round before: rounds never overlap. A failed round is
 * logged, and the next one comes.
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

/** Two instances that started together must not do their rounds together for ever. */
function jitter(intervalMs: number): number {
  return intervalMs * (0.75 + Math.random() / 2)
}
