import type { CheckResult, MachineRecord } from '#chaos/contracts/verdict.ts'

/** Other programs that use less than this share of the processors do not change a verdict. */
const othersShareMax = 0.25
const throttledShareMax = 0.1
/** A timer this late alone makes clients time out. */
const lateMaxMs = 1_000

/** Why this machine was too busy for limits on time, as one sentence with the remedy. Undefined: it was not. */
export function whyBusy(machine: MachineRecord): string | undefined {
  const { othersShare = 0, throttledShare } = machine
  const lateMs = Math.max(machine.lateMaxMs, machine.linksLateMaxMs ?? 0)
  if (throttledShare > throttledShareMax)
    return `This machine was too slow: the processor limit of its container stopped it for ${percent(throttledShare)} of the time (at most ${percent(throttledShareMax)}). Raise the limit, then check again.`
  if (othersShare > othersShareMax)
    return `This machine was too busy: other programs used ${percent(othersShare)} of the processors (at most ${percent(othersShareMax)}). Close them, then check again.`
  if (lateMs > lateMaxMs)
    return `This machine was too busy: a timer was ${(lateMs / 1_000).toFixed(1)} s late (at most ${lateMaxMs / 1_000} s). Check again when it is less busy.`
  return undefined
}

/** A shop that gets less than this share of the processors may fail at anything that needs time. */
const leastShare = 0.1

/** Checks whose `measured` is a share of successes; others are times or counts. */
const shares: ReadonlySet<string> = new Set(['availability', 'orders-paid', 'goodput'])
/** A busy machine makes this share of the operations fail; a very busy one, the share that it took less this. */
const failedShare = 0.2
/** Counted events that a busy machine alone may cause. */
const counts: ReadonlySet<string> = new Set([
  'restarts-at-most',
  'takeovers-at-most',
  'leaves-in-time',
])
const countByMachine = 2

/**
 * Whether a busy machine alone can have pushed the value past its limit. A machine that leaves a third to the shop makes it
 * three times as slow, not ten times.
 */
export function mayBeMachine(check: CheckResult, machine: MachineRecord): boolean {
  const { measured, limit, name } = check
  const taken = Math.max(machine.othersShare ?? 0, machine.throttledShare)
  if (measured === undefined || limit === undefined || 1 - taken < leastShare) return true
  if (shares.has(name)) {
    const lost = name === 'goodput' ? (limit - measured) / limit : limit - measured
    return lost <= Math.max(failedShare, taken - failedShare)
  }
  if (counts.has(name)) return measured - limit <= countByMachine
  // At least twice as slow: a busy machine also delays each start of a process.
  return measured <= limit * Math.max(2, 1 / (1 - taken))
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
