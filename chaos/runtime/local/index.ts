import { mkdir } from 'node:fs/promises'
import path from 'node:path'

import { stores, type StoreName } from '#services/topology.ts'

import type { DirectAddresses, Environment, InstanceEvent } from '../../contracts/runtime.ts'
import { systemClock, type Clock } from '../../lib/clock.ts'
import { localAddresses } from './addresses.ts'
import { readHostConfig, type HostConfig } from './config.ts'
import { createLocalRuntime, type LocalRuntime, type RuntimeInTheMaking } from './local-runtime.ts'
import { openSandbox, type OpenSandbox } from './open-sandbox.ts'
import { logFileOf, proxyPlan, servicePlans, storePlan, type PlanContext } from './plans.ts'
import { prepareDatabaseWith } from './prepare-database.ts'
import type { Progress } from './progress.ts'
import { slotCandidates } from './slot-candidates.ts'
import { storeUser } from './store-user.ts'
import { preparePostgres, prepareRedis } from './stores/prepare-stores.ts'
import type { StoreSetup } from './stores/store-setup.ts'

export interface LocalRuntimeOptions {
  /** Where package.json, services/ and chaos/ are. */
  readonly projectRoot: string
  /** Of several sandboxes side by side, from 0; absent: the first that is free. */
  readonly slot?: number
  /** Where the controller writes `<slot>.json`; the keeper removes that file when the controller has died. */
  readonly sandboxFilesFolder?: string
  /** Told what takes long the first time. */
  readonly progress?: Progress
  readonly clock?: Clock
  /** Aborting while it starts takes down what there is, and rejects. */
  readonly signal?: AbortSignal
  /** As `runtime.onInstance`, from the first moment on. */
  readonly onInstance?: (event: InstanceEvent) => void
  /** Environment by instance, store or `links`, beyond their own defaults. */
  readonly environments?: Readonly<Record<string, Environment>>
  /** Redis keeps its data when it dies. True when absent. */
  readonly redisDurable?: boolean
  /** Makes an empty database the shop's. Absent: `node services/database/main.ts` does. */
  readonly prepareDatabase?: (addresses: DirectAddresses) => Promise<void>
}

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
  const abort = () => void sandbox[Symbol.asyncDispose]()
  signal?.addEventListener('abort', abort)
  try {
    // It may have been aborted while there was nobody to hear it.
    signal?.throwIfAborted()
    return await startEverything(options, { host, clock, sandbox })
  } catch (error) {
    await sandbox[Symbol.asyncDispose]()
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

interface Ground {
  readonly host: HostConfig
  readonly clock: Clock
  readonly sandbox: OpenSandbox
}

async function startEverything(
  options: LocalRuntimeOptions,
  ground: Ground,
): Promise<LocalRuntime> {
  const { host, clock, sandbox } = ground
  const addresses = localAddresses(sandbox.slot)
  const { sandboxFilesFolder } = options
  const making = createLocalRuntime({ sandbox, addresses, clock, sandboxFilesFolder })
  const { runtime } = making
  if (options.onInstance !== undefined) runtime.onInstance(options.onInstance)
  for (const name of ['logs', 'books', 'data', 'staging'])
    await mkdir(path.join(sandbox.folder, name), { mode: 0o711 })
  const context: PlanContext = {
    projectRoot: options.projectRoot,
    sandboxFolder: sandbox.folder,
    addresses,
    baseEnvironment: {
      ...host.baseEnvironment,
      NODE_COMPILE_CACHE: path.join(sandbox.cacheFolder, 'compile-cache'),
    },
    booksFile: runtime.booksFile('first'),
  }
  const start = async (name: string) => {
    const environment = options.environments?.[name] ?? {}
    await runtime.start(name, { by: 'user', environment })
  }
  const services = [proxyPlan(context), ...servicePlans(context)].map(making.add)
  const prepare = options.prepareDatabase ?? prepareDatabaseWith(sandbox.keeper, context)
  await startStores(making, context, ground, options)
  await Promise.all([start('links'), ...stores.map(async ({ name }) => await start(name))])
  await prepare(addresses)
  await Promise.all(services.map(async ({ name }) => await start(name)))
  return runtime
}

async function startStores(
  { add }: RuntimeInTheMaking,
  context: PlanContext,
  { host, sandbox }: Ground,
  options: LocalRuntimeOptions,
): Promise<void> {
  const setup: StoreSetup = {
    keeper: sandbox.keeper,
    host,
    cacheFolder: sandbox.cacheFolder,
    stagingFolder: path.join(sandbox.folder, 'staging'),
    user: storeUser(host),
    progress: options.progress ?? (() => undefined),
  }
  const placeOf = (name: StoreName) => ({
    sandboxFolder: sandbox.folder,
    port: context.addresses.port(name),
    logFile: logFileOf(name, context),
  })
  const durable = options.redisDurable ?? true
  const [postgres, redis] = await Promise.all([
    preparePostgres(setup, placeOf('postgres')),
    prepareRedis(setup, { ...placeOf('redis'), durable }),
  ])
  add(storePlan('postgres', context, postgres))
  add(storePlan('redis', context, redis))
}
