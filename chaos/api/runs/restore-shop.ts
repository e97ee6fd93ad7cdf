import { prepare } from '#chaos/engine/run/prepare.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { supervisorIdle } from '#chaos/engine/scenario/defaults.ts'
import { setUpOnly } from '#chaos/engine/scenario/set-up-only.ts'

/**
 * Restores the shop: its own code in every seam, every safety net, empty books, no fault. After a run of a lab, the
 * learner's code still runs, without the safety nets that the lab has turned off.
 */
export async function restoreShop(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  try {
    await prepare(sandbox, {
      id: `restored-${Math.round(sandbox.clock.wallTimeMs())}`,
      scenario: setUpOnly('no change', {
        off: [],
        environment: {},
        stock: {},
        supervisor: supervisorIdle,
      }),
      seed: 0,
      folder: '',
      signal,
    })
  } finally {
    sandbox.supervision.setUp(supervisorIdle)
  }
}
