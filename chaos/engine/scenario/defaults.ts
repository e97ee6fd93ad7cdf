import type { ClientBehaviour, SupervisorSetup } from '#chaos/contracts/scenario.ts'

/** Defaults of a scenario. The client times out an attempt after one second and the operation after five. */
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
  restartDelayMaxMs: 5_000,
}

/** Outside of a run no instance is killed for a failed liveness probe: a user may have paused it on purpose. */
export const supervisorIdle: SupervisorSetup = { ...supervisorDefault, livenessFailuresMax: 0 }

/** The longest time that `afterSteps` may extend the load. */
export const afterStepsWaitMaxMs = 30_000
export const steadyStateDefaultMs = 1_500
export const recoveryDefaultMs = 15_000
