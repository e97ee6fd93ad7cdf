import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { StepOutcome } from './step-outcome.ts'

export interface DoubtParts {
  readonly steps: readonly StepOutcome[]
  readonly load: Pick<WorkloadResult, 'operations' | 'notSent' | 'lagMaxMs'>
  readonly journal: readonly SandboxEvent[]
  /** Clock readings that belong together: operations count from the epoch, steps are on the clock. */
  readonly epochMs: number
  readonly healedAtMs: number
}

/** Why this run proves nothing, each with what would make it conclusive; empty when the faults really hit something. */
export function findDoubts(parts: DoubtParts): readonly string[] {
  return [...loadDoubts(parts.load), ...stepDoubts(parts)]
}

/** An arrival that is sent later than this was not sent when people would have come. */
const lagMostMs = 2_000

/** The load was not what the scenario asks for: whatever was measured, was measured with less. */
function loadDoubts({ notSent, lagMaxMs, operations }: DoubtParts['load']): string[] {
  const planned = notSent + operations.length
  return [
    ...(notSent > 0
      ? [
          `${notSent} of ${planned} operations were not sent: too many were under way. Give the workload a lower rate.`,
        ]
      : []),
    ...(lagMaxMs > lagMostMs
      ? [
          `The load fell behind by ${formatDuration(Math.round(lagMaxMs / 100) * 100)}: this machine had no time to send it. Try again when it is less busy.`,
        ]
      : []),
  ]
}

function stepDoubts(parts: DoubtParts): string[] {
  return parts.steps.flatMap((step) => {
    if (step.state === 'failed') return [`${step.title} failed: ${step.why?.replace(/\.$/, '')}.`]
    if (step.state === 'never')
      return [
        `${step.title} never happened: ${step.why}. Give the load more time, or let it fire earlier.`,
      ]
    if (step.hit === 0)
      return [
        `${step.title} hit nothing: there was none of what it is aimed at. Let it fire later, or aim it elsewhere.`,
      ]
    if (touchedNothing(step, parts.journal))
      return [
        `${step.title} changed no byte: nothing passed there while it was on. Give it a load that goes that way.`,
      ]
    if (nothingAtRisk(step, parts))
      return [
        `${step.title} hurt nobody: no operation was under way while it was on. Give the workload a higher rate.`,
      ]
    return []
  })
}

/** A toxic that touched no connection was never there, for all that anybody could notice. */
function touchedNothing({ toxics = [] }: StepOutcome, journal: readonly SandboxEvent[]): boolean {
  if (toxics.length === 0) return false
  return !journal.some(
    (event) =>
      event.type === 'link' &&
      event.toxic !== undefined &&
      toxics.includes(event.toxic) &&
      event.what !== 'toxic-expired',
  )
}

function nothingAtRisk(step: StepOutcome, parts: DoubtParts): boolean {
  const { epochMs, journal } = parts
  const { operations } = parts.load
  const fromMs = (step.fromMs ?? epochMs) - epochMs
  const toMs = endOf(step, journal, parts) - epochMs
  return !operations.some(({ startMs, endMs }) => startMs <= toMs && endMs >= fromMs)
}

/** On the run's clock. A trap without a fault is a moment; what it did to the message lasts until the heal. */
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
