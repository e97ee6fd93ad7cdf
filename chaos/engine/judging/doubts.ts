import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { StepOutcome } from '../run/step-outcome.ts'

export interface DoubtParts {
  readonly steps: readonly StepOutcome[]
  readonly load: Pick<WorkloadResult, 'operations' | 'notSent' | 'lagMaxMs'>
  readonly journal: readonly SandboxEvent[]
  /** Clock reading from which the times of operations count. */
  readonly epochMs: number
  /** Clock reading after the heal. */
  readonly healedAtMs: number
}

/** Why a run proves less than its scenario asks for, each with what would make it conclusive. */
export interface Doubts {
  /** The load or a step failed: the run proves nothing. */
  readonly run: readonly string[]
  /** A fault affected nothing: what held proves nothing, what is violated is violated without that fault. */
  readonly faults: readonly string[]
}

/** Empty if the load was complete and every fault affected it. */
export function findDoubts(parts: DoubtParts): Doubts {
  const { steps } = parts
  const failed = steps.filter(({ state }) => state === 'failed')
  const titles = failed.map(({ title, why }) => `${title} failed: ${why?.replace(/\.$/, '')}.`)
  return { run: [...loadDoubts(parts.load), ...titles], faults: faultDoubts(parts) }
}

/**
 * The steps of variants. One that affected nothing counts as one that never happened: another variant before it may have left
 * no connection, or its instance was still starting. The others still prove something.
 */
export function stepsOfVariants(parts: DoubtParts): readonly StepOutcome[] {
  const { steps, journal } = parts
  return steps.map((step) => {
    if (step.state !== 'done') return step
    const none = step.hit === 0 || touchedNoConnection(step, journal)
    return none ? { ...step, state: 'never', why: 'it affected nothing' } : step
  })
}

/** A request that is sent later than this after its arrival time no longer represents the planned load. */
const lagLimitMs = 2_000

/** Whether the load was weaker than the scenario asks for. */
function loadDoubts({ notSent, lagMaxMs, operations }: DoubtParts['load']): string[] {
  const planned = notSent + operations.length
  return [
    ...(notSent > 0
      ? [
          `${notSent} of ${planned} operations were not sent: too many were in flight. Give the workload a lower rate.`,
        ]
      : []),
    ...(lagMaxMs > lagLimitMs
      ? [
          `The load was sent up to ${formatDuration(Math.round(lagMaxMs / 100) * 100)} late: this machine was too busy. Run it again when the machine is less busy.`,
        ]
      : []),
  ]
}

function faultDoubts(parts: DoubtParts): string[] {
  return parts.steps.flatMap((step) => {
    if (step.state === 'failed') return []
    if (step.state === 'never')
      return [
        `${step.title} never happened: ${step.why}. Give the load more time, or let the step fire earlier.`,
      ]
    if (step.hit === 0)
      return [
        `${step.title} matched no target. Let the step fire later, or give it another target.`,
      ]
    if (touchedNoConnection(step, parts.journal)) {
      // The code under test has learned from the same fault to send nothing: a circuit breaker does that.
      if (parts.steps.some((other) => isSameFault(step, other, parts.journal))) return []
      return [
        `${step.title} changed no data: no data passed there during the fault. Give the workload operations that use this link.`,
      ]
    }
    if (noOperationInFlight(step, parts))
      return [
        `${step.title} affected no operation: none was in flight during the fault. Give the workload a higher rate.`,
      ]
    return []
  })
}

/** Whether the step added toxics and none of them touched a connection: then nothing could notice the fault. */
function touchedNoConnection(
  { toxics = [] }: StepOutcome,
  journal: readonly SandboxEvent[],
): boolean {
  if (toxics.length === 0) return false
  return !journal.some(
    (event) =>
      event.type === 'link' &&
      event.toxic !== undefined &&
      toxics.includes(event.toxic) &&
      event.what === 'toxic-touched',
  )
}

/** Whether the other step had the same fault on the same targets, and a connection noticed it. */
function isSameFault(
  step: StepOutcome,
  other: StepOutcome,
  journal: readonly SandboxEvent[],
): boolean {
  const of = ({ fault }: StepOutcome): string | undefined => {
    const injected = journal.find(
      (event) => event.type === 'fault' && event.what === 'injected' && event.fault.id === fault,
    )
    if (injected?.type !== 'fault') return undefined
    const { kind, targets, params } = injected.fault
    return JSON.stringify([kind, targets, params])
  }
  if (other === step || (other.toxics ?? []).length === 0) return false
  return of(other) !== undefined && of(other) === of(step) && !touchedNoConnection(other, journal)
}

function noOperationInFlight(step: StepOutcome, parts: DoubtParts): boolean {
  const { epochMs, journal } = parts
  const { operations } = parts.load
  const fromMs = (step.fromMs ?? epochMs) - epochMs
  const toMs = endOf(step, journal, parts) - epochMs
  return !operations.some(({ startMs, endMs }) => startMs <= toMs && endMs >= fromMs)
}

/** Clock reading at which the step's effect ended. The effect of a trap without a fault on its message lasts until the heal. */
function endOf(
  { fault, fromMs = 0, onMs = fromMs }: StepOutcome,
  journal: readonly SandboxEvent[],
  { healedAtMs }: DoubtParts,
): number {
  const of = (what: 'injected' | 'healed') =>
    journal.find(
      (event) => event.type === 'fault' && event.what === what && event.fault.id === fault,
    )
  const [injected, healed] = [of('injected'), of('healed')]
  return injected === undefined || healed === undefined
    ? healedAtMs
    : onMs + (healed.ms - injected.ms)
}
