import type { Truth } from '#chaos/contracts/truth.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'

const patienceMs = 5_000
const pauseMs = 250

/** The truth, or why it cannot be read. A source that has just come back gets a little time. */
export async function readTruth(
  { truth, clock }: Pick<Sandbox, 'truth' | 'clock'>,
  signal: AbortSignal,
): Promise<Truth | string> {
  const startMs = clock.now()
  for (;;) {
    try {
      return await truth.read(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (clock.now() - startMs >= patienceMs)
        return `The truth could not be read: ${messageOf(error)}.`
      await clock.sleep(pauseMs, signal)
    }
  }
}
