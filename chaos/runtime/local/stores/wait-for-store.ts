import type { StoreName } from '#services/topology.ts'

import type { Clock } from '../../../lib/clock.ts'
import { postgresAccepts } from './postgres-probe.ts'
import { redisAccepts } from './redis-probe.ts'

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
