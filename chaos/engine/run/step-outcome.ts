import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { MethodStep } from '#chaos/contracts/scenario.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

/** The outcome of one step of the method. */
export interface StepOutcome {
  /** The step in messages: `method[1]: latency on worker-*:payments at 2s`. */
  readonly title: string
  readonly state: 'done' | 'failed' | 'never'
  /** Why the step failed or never happened. */
  readonly why?: string
  /** Id of the injected fault. */
  readonly fault?: string
  /** The toxics of the fault. If none of them touched a connection, the run proves nothing. */
  readonly toxics?: readonly string[]
  /** The number of connections or keys that the fault hit, where it can be counted. */
  readonly hit?: number
  /** Clock reading when the step began. */
  readonly fromMs?: number
  /** Clock reading when the fault was in effect on all targets: in a rolling restart long after the start. Absent: at the start. */
  readonly onMs?: number
}

export function stepTitle(step: MethodStep, index: number): string {
  const what = step.inject === undefined ? '' : `${step.inject.kind} on ${step.inject.target} `
  const when =
    'at' in step
      ? step.fromStepBefore === true
        ? `${formatDuration(step.at)} after the previous step`
        : `at ${formatDuration(step.at)}`
      : `${step.when.phase} ${step.when.exchange} on ${step.when.link}`
  return `method[${index}]: ${what}${when}`
}

/** The part of a step's outcome that describes its fault. */
export function faultOutcome({ id, toxics, hit }: ActiveFault): Partial<StepOutcome> {
  return {
    fault: id,
    ...(toxics === undefined ? {} : { toxics }),
    ...(hit === undefined ? {} : { hit }),
  }
}
