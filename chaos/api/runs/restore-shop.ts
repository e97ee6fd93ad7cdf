import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { prepare } from '#chaos/engine/run/prepare.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { supervisorIdle } from '#chaos/engine/scenario/defaults.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { rateKey } from '#chaos/workload/rates.ts'

/** A scenario that keeps the system's own code and every safety net. */
function noChange(system: System): Scenario {
  const [operation] = system.operations
  const rate = operation === undefined ? {} : { [rateKey(operation)]: '1/s' }
  const file = {
    title: 'no change',
    workload: { ...rate, duration: '1s' },
    expect: ['leaves-in-time'],
  }
  return parseScenario(JSON.stringify(file), { file: 'no-change', system })
}

/**
 * Restores the shop: its own code in every seam, every safety net, empty books, no fault. After a run of a lab, the
 * learner's code still runs, without the safety nets that the lab has turned off.
 */
export async function restoreShop(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  try {
    await prepare(sandbox, {
      id: `restored-${Math.round(sandbox.clock.wallTimeMs())}`,
      scenario: noChange(sandbox.system),
      seed: 0,
      folder: '',
      signal,
    })
  } finally {
    sandbox.supervision.setUp(supervisorIdle)
  }
}
