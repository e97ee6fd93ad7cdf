import path from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { stores, type StoreName } from '#services/topology.ts'

import { localAddresses } from './addresses.ts'
import type { HostConfig } from './config.ts'
import {
  logFileOf,
  proxyPlan,
  servicePlans,
  storePlan,
  type PlanContext,
} from './instance/plans.ts'
import { createLocalRuntime, type LocalRuntime, type RuntimeInTheMaking } from './local-runtime.ts'
import { makePassable } from './make-passable.ts'
import type { OpenSandbox } from './open-sandbox.ts'
import type { LocalRuntimeOptions } from './options.ts'
import { prepareDatabaseWith } from './stores/prepare-database.ts'
import { preparePostgres, prepareRedis } from './stores/prepare-stores.ts'
import type { StoreSetup } from './stores/store-setup.ts'
import { storeUser } from './stores/store-user.ts'
import { compileCacheFolder, warmCompileCache } from './warm-compile-cache.ts'

/** What exists before the first process of the shop. */
export interface Ground {
  readonly host: HostConfig
  readonly clock: Clock
  readonly sandbox: OpenSandbox
}

/**
 * Starts stores, data plane and services. If a step fails or the signal aborts, everything is
 * stopped again.
 */
export async function startEverything(
  options: LocalRuntimeOptions,
  { host, clock, sandbox }: Ground,
): Promise<LocalRuntime> {
  const { signal, sandboxFilesFolder } = options
  const addresses = localAddresses(sandbox.slot)
  const making = createLocalRuntime({ sandbox, addresses, clock, sandboxFilesFolder })
  const { runtime } = making
  const abort = () => void runtime[Symbol.asyncDispose]()
  signal?.addEventListener('abort', abort)
  try {
    // The signal may have aborted before the listener was added.
    signal?.throwIfAborted()
    if (options.onInstance !== undefined) runtime.onInstance(options.onInstance)
    for (const name of ['logs', 'books', 'data', 'staging'])
      makePassable(path.join(sandbox.folder, name))
    await startInOrder(making, options, { host, clock, sandbox })
    return runtime
  } catch (error) {
    await runtime[Symbol.asyncDispose]()
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function startInOrder(
  making: RuntimeInTheMaking,
  options: LocalRuntimeOptions,
  ground: Ground,
): Promise<void> {
  const { host, sandbox } = ground
  const { runtime } = making
  const context: PlanContext = {
    projectRoot: options.projectRoot,
    sandboxFolder: sandbox.folder,
    addresses: runtime.addresses,
    baseEnvironment: {
      ...host.baseEnvironment,
      NODE_COMPILE_CACHE: compileCacheFolder(sandbox.cacheFolder),
    },
    booksFile: runtime.booksFile('first'),
  }
  const start = async (name: string) => {
    const environment = options.environments?.[name] ?? {}
    await runtime.start(name, { by: 'user', environment })
  }
  const startStores = async () => {
    await addStores(making, context, ground, options)
    options.progress?.('Starting stores and links ...')
    await Promise.all(stores.map(async ({ name }) => await start(name)))
    const prepare = options.prepareDatabase ?? prepareDatabaseWith(sandbox.keeper, context)
    await prepare(runtime.addresses)
  }
  making.add(proxyPlan(context))
  const progress = options.progress ?? (() => undefined)
  const compiled = warmCompileCache(sandbox.keeper, context, progress)
  await Promise.all([start('links'), startStores(), compiled])
  options.progress?.('Starting the shop ...')
  const services = servicePlans(context).map(making.add)
  await Promise.all(services.map(async ({ name }) => await start(name)))
}

async function addStores(
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
