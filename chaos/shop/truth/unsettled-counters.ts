import type { TruthCounters } from '#chaos/contracts/truth.ts'

/** The work that is still in flight, in words: `2 unfinished orders`. Empty when the shop is settled. */
export function unsettledCounters(counters: TruthCounters): readonly string[] {
  const { unfinished, queueWaiting, queueActive, queueDelayed, outboxWaiting } = counters
  const parts: readonly (readonly [number, string])[] = [
    [unfinished, 'unfinished order'],
    [queueWaiting, 'waiting job'],
    [queueActive, 'active job'],
    [queueDelayed, 'delayed job'],
    [outboxWaiting, 'outbox row'],
  ]
  return parts.flatMap(([number, what]) =>
    number > 0 ? [`${number} ${what}${number === 1 ? '' : 's'}`] : [],
  )
}
