import type { RunFacts } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'

const truthLimitMs = 5_000
const truthRetryMs = 250

/** The truth, or why it cannot be read. Retries for a while: a store may have restarted a moment ago. */
export async function readTruth(
  { truth, clock }: Pick<Sandbox, 'truth' | 'clock'>,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<Pick<RunFacts, 'truth' | 'readAt'> | string> {
  const startMs = clock.now()
  for (;;) {
    try {
      const read = await truth.read(signal, operations)
      return { truth: read, readAt: new Date(clock.wallTimeMs()).toISOString() }
    } catch (error) {
      signal.throwIfAborted()
      if (clock.now() - startMs >= truthLimitMs)
        return `The sources of truth could not be read: ${messageOf(error)}.`
      await clock.sleep(truthRetryMs, signal)
    }
  }
}
