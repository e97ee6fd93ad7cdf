import { systemClock } from '#chaos/lib/clock.ts'

import { readHostConfig } from './config.ts'
import type { LocalRuntime } from './local-runtime.ts'
import { openSandbox } from './open-sandbox.ts'
import type { LocalRuntimeOptions } from './options.ts'
import { slotCandidates } from './slot-candidates.ts'
import { startEverything } from './start-everything.ts'

/**
 * Starts the whole shop as plain processes: stores, data plane, services. Resolves when everything is ready; throws
 * {@link InputError} for what the user can mend (no free slot, no Redis to be had, a broken seam file).
 *
 * A controller uses it so:
 *
 * - `await using runtime = await startLocalRuntime({ projectRoot, sandboxFilesFolder, progress, signal })`, then
 *   `await runtime.repair()` for the journal. From the call on nothing can be left behind: a keeper outside of this process
 *   takes everything down when this process ends, however it ends. The slot is ours from then on, with the ports of the
 *   controller's API (`localPort(runtime.slot, controllerPortOffset)`).
 * - `runtime.stop/kill` and `start` with another `environment` restart one instance; without `environment` an instance
 *   starts as it did the last time.
 * - A run takes `restartAll(runtime, { environments, whileDown })` of `chaos/runtime/restart-all.ts`: all five services are
 *   down at once, `whileDown` prepares the database and empties Redis, and payments gets
 *   `{ BOOKS_FILE: runtime.booksFile(runId) }`, which is a file that no run had before.
 * - `createSupervisor` of `chaos/runtime/supervisor.ts` restarts what died by itself.
 * - When `runtime.lost` resolves, the keeper was killed and everything is down already: end.
 *
 * It has no packet filter and no resource limits.
 */
export async function startLocalRuntime(options: LocalRuntimeOptions): Promise<LocalRuntime> {
  const { signal, clock = systemClock } = options
  signal?.throwIfAborted()
  const host = readHostConfig()
  const sandbox = await openSandbox({ host, clock, candidates: slotCandidates(options) })
  return await startEverything(options, { host, clock, sandbox })
}
