import type { Clock } from '#chaos/lib/clock.ts'
import type { StoreName } from '#services/topology.ts'

import { postgresAccepts } from './postgres-accepts.ts'
import { redisAccepts } from './redis-accepts.ts'

const pollMs = 10
const probeTimeoutMs = 1_000

/** Whether the store accepts connections now. */
export async function storeAccepts(name: StoreName, port: number): Promise<boolean> {
  const probe = name === 'postgres' ? postgresAccepts : redisAccepts
  return await probe(port, probeTimeoutMs)
}

/** Resolves when the store accepts connections; rejects when the signal aborts. */
export async function waitForStore(
  name: StoreName,
  port: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!(await storeAccepts(name, port))) await clock.sleep(pollMs, signal)
}
