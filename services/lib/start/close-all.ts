import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Closes everything at the same time and waits no longer than `limitMs`: a store that is down must
 * not block the exit.
 */
export async function closeAll(
  closers: readonly (() => Promise<unknown>)[],
  limitMs = 1_000,
): Promise<void> {
  const closed = Promise.allSettled(closers.map(async (close) => await close()))
  await Promise.race([closed, sleep(limitMs)])
}
