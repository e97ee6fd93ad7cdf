import { messageOf } from '#chaos/lib/errors.ts'
import { unsettledCounters } from '#chaos/truth/unsettled-counters.ts'

import type { Sandbox } from '../sandbox.ts'

export interface Settled {
  /** How long it took until everything was at rest; null: not within the limit. */
  readonly afterMs: number | null
  /** What moved last, in words. */
  readonly moving: readonly string[]
}

const pollMs = 100

/**
 * Polls until everything is at rest twice in a row: every instance ready, the queue empty, no order in transit, the outbox
 * drained. The first of the two readings counts.
 */
export async function waitUntilSettled(
  sandbox: Pick<Sandbox, 'clock' | 'truth' | 'runtime'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Settled> {
  const { clock } = sandbox
  const startMs = clock.now()
  let quietSinceMs: number | null = null
  for (;;) {
    const readAtMs = clock.now() - startMs
    const moving = await whatIsNotAtRest(sandbox, signal)
    signal.throwIfAborted()
    if (moving.length > 0) quietSinceMs = null
    else if (quietSinceMs === null) quietSinceMs = readAtMs
    else return { afterMs: quietSinceMs, moving: [] }
    if (clock.now() - startMs >= limitMs && quietSinceMs === null) return { afterMs: null, moving }
    await clock.sleep(pollMs, signal)
  }
}

async function whatIsNotAtRest(
  { truth, runtime }: Pick<Sandbox, 'truth' | 'runtime'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [instances, counters] = await Promise.all([
    runtime.status(),
    truth.counters(signal).catch((error: unknown) => messageOf(error)),
  ])
  const down = instances.filter(({ state }) => state !== 'ready')
  return [
    ...down.map(({ name, state }) => `${name} is ${state}`),
    ...(typeof counters === 'string' ? [counters] : unsettledCounters(counters)),
  ]
}
