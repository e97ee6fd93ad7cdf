import type { TruthCounters } from '#chaos/contracts/truth.ts'

/** Whether everything is at rest: no order on its way, no job, nothing in the outbox. */
export function isSettled(counters: TruthCounters): boolean {
  return unsettledCounters(counters).length === 0
}

/** What is not at rest, in words: for the line that tells what a run waits for. */
export function unsettledCounters(counters: TruthCounters): readonly string[] {
  const { unfinished, queueWaiting, queueActive, queueDelayed, outboxWaiting } = counters
  const parts: readonly (readonly [number, string])[] = [
    [unfinished, 'unfinished orders'],
    [queueWaiting, 'waiting jobs'],
    [queueActive, 'active jobs'],
    [queueDelayed, 'delayed jobs'],
    [outboxWaiting, 'outbox rows'],
  ]
  return parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []))
}
