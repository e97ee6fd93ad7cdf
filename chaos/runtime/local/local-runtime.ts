import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type {
  Clocks,
  DirectAddresses,
  Environment,
  InstanceEvent,
  Lifecycle,
  LogLine,
  Runtime,
} from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { clockLinesMax, createClocks } from '../clock/clocks.ts'
import type { LocalAddresses } from './addresses.ts'
import { cleanUpSandboxes, removeStaleSandboxFiles } from './clean-up-sandboxes.ts'
import { LocalInstance, type InstancePlan } from './instance/local-instance.ts'
import { clockFileOf } from './instance/plans.ts'
import { readLog, type LogOptions } from './instance/read-log.ts'
import type { RuntimePart } from './instance/users-store.ts'
import type { OpenSandbox } from './open-sandbox.ts'
import { createLocalProfiles } from './profiles.ts'
import type { LocalProfiles } from './profiles.ts'
import { sendLaterWith } from './stores/send-later.ts'

/** What the local runtime offers beyond {@link Runtime}. */
export interface LocalRuntime extends Runtime {
  readonly kind: 'local' | 'adopted'
  readonly slot: number
  readonly addresses: LocalAddresses
  /** Folder of this sandbox; it is removed with it. */
  readonly folder: string
  readonly keeperPid: number
  fileOf(instance: string, run: string): string
  /**
   * Resolves when the sandbox has gone down without a request, because its keeper was killed.
   * Nothing of it is left, and the controller can only exit.
   */
  readonly lost: Promise<void>
}

export interface LocalRuntimeOptions {
  /** What the sandbox runs. */
  readonly system: System
  /** Contains package.json, chaos/ and the programs of the system. */
  readonly projectRoot: string
  /** Number of the sandbox, from 0; absent: the first free slot. */
  readonly slot?: number
  /** The controller writes `<slot>.json` here. The keeper removes that file when the controller has died. */
  readonly sandboxFilesFolder?: string
  /** Receives a line for each slow step of the first start, such as `Copying Postgres into the cache ...`. */
  readonly progress?: (line: string) => void
  readonly clock?: Clock
  /** Aborting during the start stops everything and rejects. */
  readonly signal?: AbortSignal
  /** Like `runtime.onInstance`, from the start on. */
  readonly onInstance?: (event: InstanceEvent) => void
  /** Environment by instance, store or `links`, in addition to the defaults. */
  readonly environments?: Readonly<Record<string, Environment>>
  /** With it, requests to the data plane may create other proxies. Absent: none may. */
  readonly linksSecret?: string
  /**
   * The instances run code that is not trusted: Node lets them read the project's programs and this folder, and neither write
   * files nor start processes. Absent: Node limits nothing.
   */
  readonly codeFolder?: string
  /** Redis keeps its data when it dies. True when absent. */
  readonly redisDurable?: boolean
  /** Prepares the empty database. Absent: the system's own program does. */
  readonly prepareDatabase?: (addresses: DirectAddresses) => Promise<void>
}

export interface RuntimeParts {
  readonly sandbox: OpenSandbox
  readonly addresses: LocalAddresses
  readonly topology: Topology
  /** See {@link System.adopted}. */
  readonly isAdopted: boolean
  readonly clock: Clock
  readonly sandboxFilesFolder: string | undefined
}

/** The runtime, and the function that adds instances during the start. */
export interface LocalRuntimeBuilder {
  readonly runtime: LocalRuntime
  readonly add: (plan: InstancePlan) => LocalInstance
  /** Adds a part that runs already. `logFile` need not exist. */
  readonly addRunning: (part: RuntimePart, logFile: string) => void
  readonly profiles: LocalProfiles
}

interface KnownPart {
  readonly logFile: string
  readonly instance: RuntimePart
}

/** Creates the runtime of an open sandbox. Disposing it stops everything. */
export function buildLocalRuntime(parts: RuntimeParts): LocalRuntimeBuilder {
  const { topology, sandbox, addresses, clock } = parts
  const { keeper } = sandbox
  const known = new Map<string, KnownPart>()
  const listeners = new Set<(event: InstanceEvent) => void>()
  let ending = false
  const emit = (event: InstanceEvent): void => {
    // While everything is being stopped, no death is "by itself".
    if (ending) return
    for (const listener of listeners) listener(event)
  }
  keeper.onReport((report) => known.get(report.name)?.instance.onReport(report))
  void endWithKeeper()
  async function endWithKeeper(): Promise<void> {
    await keeper.ended
    ending = true
    for (const { instance } of known.values()) instance.onKeeperEnd()
  }
  const find = (name: string) => {
    const found = known.get(name)
    if (found === undefined) throw unknownName('instance', name, [...known.keys()])
    return found
  }
  const profiles = createLocalProfiles({ topology, addresses, find: (name) => find(name).instance })
  const runtime: LocalRuntime = {
    kind: parts.isAdopted ? 'adopted' : 'local',
    slot: sandbox.slot,
    folder: sandbox.folder,
    clocks: localClocks(parts, find),
    keeperPid: keeper.pid,
    lost: sandbox.lost,
    addresses,
    profiles,
    ...lifecycleOf((name) => find(name).instance),
    status: async (options) =>
      await Promise.all(
        [...known.values()]
          .filter(({ instance }) => profiles.isOn(instance.name))
          .map(async ({ instance }) => await instance.status(options)),
      ),
    onInstance: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    logs: (name, options: LogOptions): AsyncIterable<LogLine> =>
      readLog({ instance: name, file: find(name).logFile, clock }, options),
    cleanUp: async () => [
      ...sandbox.cleanedUp,
      ...(await cleanUpSandboxes(path.dirname(sandbox.folder), clock)),
      ...(await removeStaleSandboxFiles(parts.sandboxFilesFolder)),
    ],
    sendLater: sendLaterWith(keeper, (store) => addresses.port(store)),
    fileOf: (instance, run) =>
      path.join(sandbox.folder, 'files', `${instance}-${encodeURIComponent(run)}`),
    [Symbol.asyncDispose]: async () => {
      ending = true
      await sandbox[Symbol.asyncDispose]()
    },
  }
  return {
    runtime,
    profiles,
    add: (plan) => {
      const instance = new LocalInstance(plan, { keeper, clock, emit })
      known.set(plan.name, { logFile: plan.logFile, instance })
      return instance
    },
    addRunning: (instance, logFile) => void known.set(instance.name, { logFile, instance }),
  }
}

function lifecycleOf(instanceCalled: (name: string) => RuntimePart): Lifecycle {
  return {
    start: async (name, request) => await instanceCalled(name).start(request),
    stop: async (name, request) => await instanceCalled(name).stop(request),
    kill: async (name, request) => await instanceCalled(name).kill(request),
    pause: async (name, request) => await instanceCalled(name).pause(request),
    resume: async (name, request) => await instanceCalled(name).resume(request),
  }
}

function localClocks(
  { topology, sandbox, clock }: RuntimeParts,
  find: (name: string) => KnownPart,
): Clocks {
  return createClocks({
    // A user's program reads the clock of the machine.
    instances: topology.instances.flatMap(({ name, program }) => (program ? [] : [name])),
    clock,
    write: async (name, text) => {
      const file = clockFileOf(name, { sandboxFolder: sandbox.folder })
      // A process that starts reads the old file or the new one.
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
    },
    isRunning: async (name) => {
      const { state } = await find(name).instance.status({ probeWithinMs: 50 })
      return state === 'ready' || state === 'unready'
    },
    lines: (name) =>
      readLog({ instance: name, file: find(name).logFile, clock }, { tail: clockLinesMax }),
  })
}
