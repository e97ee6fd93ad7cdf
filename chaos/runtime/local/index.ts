import { systemClock } from '#chaos/lib/clock.ts'

import { readHostConfig } from './config.ts'
import type { LocalRuntime } from './local-runtime.ts'
import type { LocalRuntimeOptions } from './local-runtime.ts'
import { openSandbox } from './open-sandbox.ts'
import { slotCandidates } from './slot-candidates.ts'
import { startEverything } from './start-everything.ts'

/**
 * Starts a whole system as plain processes: stores, data plane, services. Resolves when everything is ready. Throws
 * {@link InputError} for what the user can fix: no free slot, no Redis, a seam file that does not load.
 *
 * How a controller uses it:
 *
 * - `await using runtime = await startLocalRuntime({ system, projectRoot, sandboxFilesFolder, progress, signal })`, then
 *   `await runtime.cleanUp()` for the journal. From this call on, a keeper outside of this process stops everything when this
 *   process ends, however it ends. The sandbox owns its slot, with the port of the controller's API
 *   (`localPort(runtime.slot, controllerPortOffset)`).
 * - `runtime.stop` or `kill`, then `start` with another `environment`, restart one instance. Without `environment` an
 *   instance starts with the last one.
 * - A run calls `restartAll(runtime, { topology, environments, whileDown })` of `chaos/runtime/restart-all.ts`: all
 *   instances are down at once, `whileDown` prepares the database and empties Redis, and an instance gets a new file:
 *   `system.environmentOf(instance, runtime.fileOf(instance.name, runId))`.
 * - `new Supervisor({ runtime, ... })` of `chaos/runtime/supervisor.ts` restarts instances that died by themselves.
 * - When `runtime.lost` resolves, the keeper was killed and everything is down: the controller exits.
 *
 * This runtime has no packet filter and no resource limits.
 */
export async function startLocalRuntime(options: LocalRuntimeOptions): Promise<LocalRuntime> {
  const { signal, clock = systemClock } = options
  signal?.throwIfAborted()
  const host = readHostConfig()
  const sandbox = await openSandbox({
    host,
    clock,
    candidates: slotCandidates({ ...options, topology: options.system.topology }),
  })
  return await startEverything(options, { host, clock, sandbox })
}
