import type { AnyCheck } from '#chaos/contracts/check.ts'
import type { CheckResult, MachineRecord } from '#chaos/contracts/verdict.ts'

/** Other programs that use less than this share of the processors do not change a verdict. */
const othersShareMax = 0.25
/** A limit stops all processes of a container at the same moment, so a smaller share of it changes a verdict. */
const throttledShareMax = 0.1
/** A timer this late alone makes clients time out. */
const lateMaxAllowedMs = 1_000

/** Why this machine was too busy for limits on time, as one sentence with the remedy. Undefined: it was not. */
export function whyBusy(machine: MachineRecord): string | undefined {
  const { othersShare = 0, throttledShare } = machine
  const lateMs = latestOf(machine)
  if (throttledShare > throttledShareMax)
    return `This machine was too slow: the processor limit of its container stopped it for ${percent(throttledShare)} of the time (at most ${percent(throttledShareMax)}). Raise the limit, then check again.`
  if (othersShare > othersShareMax)
    return `This machine was too busy: other programs used ${percent(othersShare)} of the processors (at most ${percent(othersShareMax)}). Close them, then check again.`
  if (lateMs > lateMaxAllowedMs)
    return `This machine was too busy: a timer was ${(lateMs / 1_000).toFixed(1)} s late (at most ${lateMaxAllowedMs / 1_000} s). Check again when it is less busy.`
  return undefined
}

/** A shop that gets less than this share of the processors may fail at anything that needs time. */
const leastShare = 0.1
/**
 * From this share on, the shop gets less than the other programs. Each process then waits for a processor again and again. A
 * throttled shop and a very late timer count as this share.
 */
const halfTaken = 0.5

/** Other programs can take this share without a failed operation. Each further percent makes one percent of them fail. */
const harmlessShare = 0.2
/** More events than this in one run have another cause. */
const countByMachine = 2

/**
 * Whether a busy machine alone can have pushed the value past its limit. The more other programs took, the more it explains: a
 * machine that leaves a third to the shop makes it three times as slow, not ten times.
 */
export function mayBeMachine(
  { measured, limit }: Pick<CheckResult, 'measured' | 'limit'>,
  machine: MachineRecord,
  measures: AnyCheck['measures'],
): boolean {
  const taken = takenBy(machine)
  if (measured === undefined || limit === undefined || 1 - taken < leastShare) return true
  if (measures === 'share') return limit - measured <= taken - harmlessShare
  if (measures === 'rate') return (limit - measured) / limit <= taken - harmlessShare
  if (measures === 'events') return taken >= halfTaken && measured - limit <= countByMachine
  return measured <= limit / (1 - taken)
}

/** The share of the processors that the shop did not get. */
function takenBy(machine: MachineRecord): number {
  const { othersShare = 0, throttledShare } = machine
  return Math.max(
    othersShare,
    throttledShare > throttledShareMax ? Math.max(throttledShare, halfTaken) : 0,
    latestOf(machine) > lateMaxAllowedMs ? halfTaken : 0,
  )
}

/** How late the latest timer was, in milliseconds: in the controller or in the data plane. */
function latestOf({ lateMaxMs, linksLateMaxMs = 0 }: MachineRecord): number {
  return Math.max(lateMaxMs, linksLateMaxMs)
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
