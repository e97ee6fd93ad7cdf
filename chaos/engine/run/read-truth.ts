import type { Operation } from '#chaos/contracts/history.ts'
import type { Truth } from '#chaos/contracts/truth.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'

/** The amounts in the quotes that the clients received. */
function quotedCents(operations: readonly Operation[]): number[] {
  return operations
    .filter(({ kind }) => kind === 'quote')
    .flatMap(({ attempts }) => attempts)
    .map(({ body }) => body?.['amountCents'])
    .filter((cents) => typeof cents === 'number' && Number.isSafeInteger(cents))
    .map(Number)
}

const truthLimitMs = 5_000
const truthRetryMs = 250

/** The truth, or why it cannot be read. Retries for a while: a store may have restarted a moment ago. */
export async function readTruth(
  { truth, clock }: Pick<Sandbox, 'truth' | 'clock'>,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<Truth | string> {
  const startMs = clock.now()
  const amountsCents = quotedCents(operations)
  for (;;) {
    try {
      return await truth.read(signal, amountsCents)
    } catch (error) {
      signal.throwIfAborted()
      if (clock.now() - startMs >= truthLimitMs)
        return `The sources of truth could not be read: ${messageOf(error)}.`
      await clock.sleep(truthRetryMs, signal)
    }
  }
}
