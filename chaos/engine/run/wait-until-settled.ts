import { truthOf } from '#chaos/contracts/system.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'
import { unsettledCounters } from './unsettled-counters.ts'

export interface Settled {
  /** Milliseconds until everything was settled; null: not within the limit. */
  readonly afterMs: number | null
  /** What was not settled at the last look: `worker-1 is unready`, `3 unfinished orders`. */
  readonly unsettled: readonly string[]
}

const pollMs = 100

/**
 * Polls until everything is settled twice in a row: every instance ready, and no work in flight. The first of the two polls
 * counts.
 */
export async function waitUntilSettled(
  sandbox: Pick<Sandbox, 'clock' | 'system' | 'truth' | 'runtime'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Settled> {
  const { clock } = sandbox
  const startMs = clock.now()
  let settledSinceMs: number | null = null
  for (;;) {
    const readAtMs = clock.now() - startMs
    const unsettled = await findUnsettled(sandbox, signal)
    signal.throwIfAborted()
    if (unsettled.length > 0) settledSinceMs = null
    else if (settledSinceMs === null) settledSinceMs = readAtMs
    else return { afterMs: settledSinceMs, unsettled: [] }
    if (clock.now() - startMs >= limitMs && settledSinceMs === null)
      return { afterMs: null, unsettled }
    await clock.sleep(pollMs, signal)
  }
}

async function findUnsettled(
  { system, truth, runtime }: Pick<Sandbox, 'system' | 'truth' | 'runtime'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [instances, counters] = await Promise.all([
    runtime.status(),
    truth.counters(signal).catch((error: unknown) => messageOf(error)),
  ])
  const down = instances.filter(({ state }) => state !== 'ready')
  return [
    ...down.map(({ name, state }) => `${name} is ${state}`),
    ...(typeof counters === 'string' ? [counters] : unsettledCounters(counters, truthOf(system))),
  ]
}
