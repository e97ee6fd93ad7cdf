import type { ClientBehaviour, SupervisorSetup, Workload } from '#chaos/contracts/scenario.ts'

/** What a scenario gets that does not say otherwise. */

/** Patient as a person is: it gives up an answer after a second and the whole after five. */
export const clientDefault: ClientBehaviour = {
  attemptTimeoutMs: 1_000,
  deadlineMs: 5_000,
  retriesMax: 4,
  backoffMs: 50,
  backoffMaxMs: 800,
  onlyReady: true,
  probeIntervalMs: 150,
}

export const supervisorDefault: SupervisorSetup = {
  restarts: true,
  livenessFailuresMax: 3,
  probeIntervalMs: 1_000,
  probeTimeoutMs: 1_000,
  restartDelayMs: 300,
}

/** Outside of a run nobody is killed for not answering: a person may have frozen it to look at it. */
export const supervisorIdle: SupervisorSetup = { ...supervisorDefault, livenessFailuresMax: 0 }

/** Products of which there is plenty. */
export const skusDefault: Workload['skus'] = [
  'tea',
  'coffee',
  'mug',
  'teapot',
  'kettle',
  'grinder',
].map((sku) => ({ sku, share: 1 }))

export const quantityMaxDefault = 3
/** A load that waits for its steps goes on so much longer, at most. */
export const afterStepsWaitMaxMs = 30_000
export const steadyStateDefaultMs = 1_500
export const recoveryDefaultMs = 15_000
