import { prepare } from '#chaos/engine/run/prepare.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { supervisorIdle } from '#chaos/engine/scenario/defaults.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'

/** A scenario that changes nothing about the shop. */
const untouched = parseScenario(
  'title: untouched\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n',
  { file: 'untouched' },
)

/**
 * The shop as it was at the start: its own code in every seam, every safety net, fresh books, nothing broken. After a lab the
 * learner's code is still running, with the nets that the lab took away.
 */
export async function restoreShop(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  try {
    await prepare(sandbox, {
      id: `restored-${Math.round(sandbox.clock.wallTimeMs())}`,
      scenario: untouched,
      seed: 0,
      folder: '',
      signal,
    })
  } finally {
    sandbox.supervision.setUp(supervisorIdle)
  }
}
