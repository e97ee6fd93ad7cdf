import type { Scenario, Workload } from '#chaos/contracts/scenario.ts'

import type { Sandbox } from '../sandbox.ts'
import type { MethodTime } from './method-time.ts'
import { runMethod } from './method.ts'
import type { StepOutcome } from './step-outcome.ts'

const pollMs = 50

interface MethodRun {
  readonly method: Scenario['method']
  readonly workload: Workload
  readonly time: MethodTime
  readonly id: string
}

/** Runs the method and ends the load: after its duration, and with `afterSteps` not before that time after the last timed step. */
export async function runMethodUnderLoad(
  sandbox: Sandbox,
  { method, workload, time, id }: MethodRun,
  endLoad: () => void,
): Promise<readonly StepOutcome[]> {
  const { clock } = sandbox
  const { durationMs, afterStepsMs } = workload
  let timedStepsLeft = method.filter((step) => 'at' in step).length
  let lastStepMs = time.startMs
  const running = runMethod(sandbox, method, time, id, () => {
    timedStepsLeft -= 1
    lastStepMs = clock.now()
  })
  try {
    await clock.sleep(durationMs, time.signal)
    if (afterStepsMs !== undefined) {
      const over = (): boolean =>
        clock.now() - time.startMs >= time.durationMs ||
        (timedStepsLeft === 0 && clock.now() - lastStepMs >= afterStepsMs)
      while (!over()) await clock.sleep(pollMs, time.signal)
    }
  } finally {
    endLoad()
    await Promise.allSettled([running])
  }
  return await running
}
