import path from 'node:path'

import { hasStore, kindOfStore, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Store } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { acceptsConnections } from '../accepts-connections.ts'
import { startMaxMs } from '../start-deadline.ts'
import { localAddresses } from './addresses.ts'
import { makeTraversable } from './cache-folder.ts'
import type { HostConfig } from './config.ts'
import { logFileOf } from './instance/plan-context.ts'
import type { PlanContext } from './instance/plan-context.ts'
import { clocksFolder, proxyPlan, servicePlans, storePlan } from './instance/plans.ts'
import { usersStore } from './instance/users-store.ts'
import type { SpawnRequest } from './keeper/keeper-requests.ts'
import type { Keeper } from './keeper/start-keeper.ts'
import { buildLocalRuntime, type LocalRuntime, type LocalRuntimeBuilder } from './local-runtime.ts'
import type { LocalRuntimeOptions } from './local-runtime.ts'
import type { OpenSandbox } from './open-sandbox.ts'
import type { StoreData } from './profiles.ts'
import { runChecked } from './run-checked.ts'
import {
  copyPostgres,
  preparePostgres,
  prepareRedis,
  prepareReplica,
  removeStoreData,
} from './stores/prepare-stores.ts'
import type { StoreSetup } from './stores/store-setup.ts'
import { storeUser } from './stores/store-user.ts'
import { compileCacheFolder, warmCompileCache } from './warm-compile-cache.ts'

/** What exists before the first process of the system. */
export interface StartContext {
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
  { host, clock, sandbox }: StartContext,
): Promise<LocalRuntime> {
  const { signal, sandboxFilesFolder } = options
  const addresses = localAddresses(options.system, sandbox.slot)
  const { topology } = options.system
  const builder = buildLocalRuntime({
    sandbox,
    addresses,
    topology,
    isAdopted: options.system.adopted === true,
    clock,
    sandboxFilesFolder,
  })
  const { runtime } = builder
  const abort = () => void runtime[Symbol.asyncDispose]()
  signal?.addEventListener('abort', abort)
  try {
    // The signal may have aborted before the listener was added.
    signal?.throwIfAborted()
    if (options.onInstance !== undefined) runtime.onInstance(options.onInstance)
    for (const name of ['logs', 'files', 'data', 'staging', clocksFolder])
      makeTraversable(path.join(sandbox.folder, name))
    await startInOrder(builder, options, { host, clock, sandbox })
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
  builder: LocalRuntimeBuilder,
  options: LocalRuntimeOptions,
  startContext: StartContext,
): Promise<void> {
  const { host, sandbox } = startContext
  const { system } = options
  const { runtime } = builder
  const context: PlanContext = {
    system,
    projectRoot: options.projectRoot,
    sandboxFolder: sandbox.folder,
    addresses: runtime.addresses,
    baseEnvironment: {
      ...host.baseEnvironment,
      NODE_COMPILE_CACHE: compileCacheFolder(sandbox.cacheFolder),
    },
    fileOf: (instance) => runtime.fileOf(instance, 'first'),
    profilesOn: () => builder.profiles.on,
    ...(options.codeFolder === undefined ? {} : { codeFolder: options.codeFolder }),
    ...(options.linksSecret === undefined ? {} : { linksSecret: options.linksSecret }),
  }
  const start = async (name: string) => {
    const environment = options.environments?.[name] ?? {}
    await runtime.start(name, { by: 'user', environment })
  }
  const startStores = async () => {
    await addStores(builder, context, startContext, options)
    options.progress?.('Starting stores and links ...')
    await Promise.all(system.topology.stores.map(async ({ name }) => await start(name)))
    const prepare =
      options.prepareDatabase ?? (async () => await prepareDatabase(sandbox.keeper, context))
    if (hasStore(system.topology, 'postgres')) await prepare(runtime.addresses)
  }
  builder.add(proxyPlan(context))
  const progress = options.progress ?? (() => undefined)
  // Instances with permissions do not use the cache: see servicePlans.
  const compiled =
    context.codeFolder === undefined ? warmCompileCache(sandbox.keeper, context, progress) : null
  await Promise.all([start('links'), startStores(), compiled])
  options.progress?.(`Starting the ${system.name} ...`)
  await refuseTakenPorts(context)
  const services = servicePlans(context).map(builder.add)
  await Promise.all(services.map(async ({ name }) => await start(name)))
}

/** The probe of a program on a taken port would find the other process, and call the program ready. */
async function refuseTakenPorts({ system, addresses }: PlanContext): Promise<void> {
  for (const { name, program } of system.topology.instances) {
    if (program?.port === undefined || !(await acceptsConnections(addresses.port(name)))) continue
    throw new InputError(
      `Port ${program.port} of ${name} is taken: another process listens on it.`,
      {
        remedy: `End that process, or remove port from ${name} in the system file.`,
      },
    )
  }
}

async function addStores(
  { add, addRunning, profiles }: LocalRuntimeBuilder,
  context: PlanContext,
  { host, sandbox }: StartContext,
  options: LocalRuntimeOptions,
): Promise<void> {
  const setup: StoreSetup = {
    keeper: sandbox.keeper,
    host,
    cacheFolder: sandbox.cacheFolder,
    stagingFolder: path.join(sandbox.folder, 'staging'),
    user: storeUser(host),
    databaseName: context.system.name,
    progress: options.progress ?? (() => undefined),
  }
  const placeOf = (name: string) => ({
    name,
    sandboxFolder: sandbox.folder,
    port: context.addresses.port(name),
    logFile: logFileOf(name, context),
  })
  const durable = options.redisDurable ?? true
  const prepare = async (store: Store): Promise<SpawnRequest> =>
    kindOfStore(store) === 'postgres'
      ? await preparePostgres(setup, placeOf(store.name))
      : await prepareRedis(setup, { ...placeOf(store.name), durable })
  const stores = context.system.topology.stores.filter(({ address }) => address === undefined)
  for (const { name, address } of context.system.topology.stores) {
    if (address === undefined) continue
    const { addresses } = context
    const place = { name, host: addresses.host(name), port: addresses.port(name) }
    addRunning(usersStore(place), logFileOf(name, context))
  }
  const spawns = await Promise.all(stores.map(prepare))
  const dataOf = (name: string): StoreData => ({
    remove: async () => await removeStoreData(placeOf(name)),
    copyFrom: async (other) => await copyPostgres(setup, placeOf(name), placeOf(other)),
  })
  for (const [i, store] of stores.entries()) {
    add(storePlan(store, context, () => spawns[i] as SpawnRequest))
    profiles.keep(store.name, dataOf(store.name))
  }
  for (const store of withAllProfiles(context.system.topology).stores) {
    if (store.profile === undefined) continue
    let spawn: SpawnRequest | undefined
    const requireData = (): SpawnRequest => {
      if (spawn === undefined) throw new Error(`${store.name} has no data yet.`)
      return spawn
    }
    add(storePlan(store, context, requireData))
    const kind = kindOfStore(store)
    const primary = placeOf(store.replicaOf ?? '')
    profiles.keep(store.name, {
      ...dataOf(store.name),
      create: async () => {
        spawn = await prepareReplica(setup, placeOf(store.name), { kind, primary, durable })
      },
    })
  }
}

/** Runs the system's own program, which creates the tables in the empty database. */
async function prepareDatabase(keeper: Keeper, context: PlanContext): Promise<void> {
  const { database } = context.system
  if (database === undefined) return
  await runChecked(keeper, {
    command: process.execPath,
    args: [database.program],
    environment: { ...context.baseEnvironment, DATABASE_URL: context.addresses.databaseUrl },
    cwd: context.projectRoot,
    timeoutMs: startMaxMs,
  })
}
