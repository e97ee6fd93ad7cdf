import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { MethodStep } from '#chaos/contracts/scenario.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

/** What became of one step of the method. */
export interface StepOutcome {
  /** As messages call it: `method[1]: latency on worker-*:payments at 2s`. */
  readonly title: string
  readonly state: 'done' | 'failed' | 'never'
  /** Failed or never: why. */
  readonly why?: string
  /** Of the fault that it injected. */
  readonly fault?: string
  /** The toxics that the fault left: at least one must have touched something. */
  readonly toxics?: readonly string[]
  /** How much the fault hit, where that can be counted. */
  readonly hit?: number
  /** Clock reading: when it began. */
  readonly fromMs?: number
  /** Clock reading: when it was on everywhere. A rolling restart begins long before. Absent: as soon as it began. */
  readonly onMs?: number
}

export function stepTitle(step: MethodStep, index: number): string {
  const what = step.inject === undefined ? '' : `${step.inject.kind} on ${step.inject.target} `
  const when =
    'at' in step
      ? step.fromStepBefore === true
        ? `${formatDuration(step.at)} after the step before`
        : `at ${formatDuration(step.at)}`
      : `${step.when.phase} ${step.when.exchange} on ${step.when.link}`
  return `method[${index}]: ${what}${when}`
}

/** What the outcome of a step says of the fault that it injected. */
export function faultOutcome({ id, toxics, hit }: ActiveFault): Partial<StepOutcome> {
  return {
    fault: id,
    ...(toxics === undefined ? {} : { toxics }),
    ...(hit === undefined ? {} : { hit }),
  }
}
