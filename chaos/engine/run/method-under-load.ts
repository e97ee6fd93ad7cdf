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

/** Carries out the method and says when the load is over: when its time is up, and with `afterSteps` not before the steps are. */
export async function runMethodUnderLoad(
  sandbox: Sandbox,
  { method, workload, time, id }: MethodRun,
  endLoad: () => void,
): Promise<readonly StepOutcome[]> {
  const { clock } = sandbox
  const { durationMs, afterStepsMs } = workload
  let left = method.filter((step) => 'at' in step).length
  let lastMs = time.startMs
  const running = runMethod(sandbox, method, time, id, () => {
    left -= 1
    lastMs = clock.now()
  })
  try {
    await clock.sleep(durationMs, time.signal)
    if (afterStepsMs !== undefined) {
      const over = (): boolean =>
        clock.now() - time.startMs >= time.durationMs ||
        (left === 0 && clock.now() - lastMs >= afterStepsMs)
      while (!over()) await clock.sleep(pollMs, time.signal)
    }
  } finally {
    endLoad()
    await Promise.allSettled([running])
  }
  return await running
}
