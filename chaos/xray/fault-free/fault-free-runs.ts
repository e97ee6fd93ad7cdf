import type { Flow } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { ObservedFlow } from '../observe-flow.ts'
import type { Baseline } from '../planning/baseline.ts'
import type { XraySandbox } from '../xray-sandbox.ts'
import { baselineRuns, takeBaseline } from './take-baseline.ts'
import { lessonsOf, teachFlow } from './teach-flow.ts'

export interface FaultFreeOptions {
  readonly clock: Clock
  /** No run begins after this time. Absent: every run begins. */
  readonly budgetMs?: number
  /** What begins, in words. */
  onStatus?(text: string): void
}

export interface FaultFreeRuns {
  /** It knows its effect. */
  readonly flow: Flow
  readonly baseline: Baseline
  readonly runs: readonly ObservedFlow[]
}

/**
 * The runs before the first cell, in the first sandbox: a flow without a judge of its own learns its effect, then its messages are
 * found. `fromMs`: when the X-ray began. Throws when the flow fails, or when the budget ends.
 */
export async function runWithoutFaults(
  sandboxes: readonly [XraySandbox, ...(readonly XraySandbox[])],
  unlearned: Flow,
  fromMs: number,
  options: FaultFreeOptions,
): Promise<FaultFreeRuns> {
  const { clock, budgetMs = Infinity } = options
  const [first] = sandboxes
  const count = lessonsOf(unlearned) + baselineRuns
  let begun = 0
  const begin = (): void => {
    const tookMs = clock.now() - fromMs
    if (tookMs >= budgetMs) throw budgetEnded(begun, count, tookMs)
    begun += 1
    options.onStatus?.(`Running the flow without faults: ${begun} of ${count} ...`)
  }
  const taught = await teachFlow(first, unlearned, clock, begin)
  const warmUpWith = (flow: Flow): void => {
    if (flow.learning !== undefined) for (const sandbox of sandboxes) sandbox.warmUpWith(flow)
  }
  warmUpWith(taught.flow)
  const { baseline, runs, unlike } = await takeBaseline(first, taught.flow, clock, begin)
  if (unlike.length === 0) return { flow: taught.flow, baseline, runs }
  const flow = taught.taughtBy(unlike)
  warmUpWith(flow)
  return { flow, baseline, runs }
}

function budgetEnded(ran: number, count: number, tookMs: number): InputError {
  return new InputError(
    `No cell ran: ${ran} of the ${count} runs without a fault took ${formatDuration(Math.round(tookMs))}, the whole budget.`,
    {
      remedy:
        'Give more time with --budget. If a run takes longer than the settle of the flow file, look for a process that starts slowly or crashes in a loop (unhappy status): the X-ray restarts processes and waits for each.',
    },
  )
}
