import path from 'node:path'

import type { InstanceEvent, LogLine, Runtime } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import type { LocalAddresses } from './addresses.ts'
import { cleanUpEarlierSandboxes } from './clean-up-earlier-sandboxes.ts'
import { LocalInstance, type InstancePlan } from './instance/local-instance.ts'
import { readLog, type LogOptions } from './instance/read-log.ts'
import type { OpenSandbox } from './open-sandbox.ts'

/** What the local runtime can do beyond what every runtime can. */
export interface LocalRuntime extends Runtime {
  readonly kind: 'local'
  readonly slot: number
  readonly addresses: LocalAddresses
  /** Of this sandbox alone; it goes away with it. */
  readonly folder: string
  readonly keeperPid: number
  booksFile(run: string): string
  /**
   * Resolves when the sandbox has gone down without being asked to, because its keeper was killed. Nothing is left of it
   * then, and a controller can only end.
   */
  readonly lost: Promise<void>
}

export interface RuntimeParts {
  readonly sandbox: OpenSandbox
  readonly addresses: LocalAddresses
  readonly clock: Clock
  readonly sandboxFilesFolder: string | undefined
}

/** The runtime, and how instances get into it while it is being built. */
export interface RuntimeInTheMaking {
  readonly runtime: LocalRuntime
  readonly add: (plan: InstancePlan) => LocalInstance
}

/** Over an open sandbox. Disposing takes everything down. */
export function createLocalRuntime(parts: RuntimeParts): RuntimeInTheMaking {
  const { sandbox, addresses, clock } = parts
  const { keeper } = sandbox
  const known = new Map<string, { readonly plan: InstancePlan; readonly instance: LocalInstance }>()
  const listeners = new Set<(event: InstanceEvent) => void>()
  let ending = false
  const emit = (event: InstanceEvent): void => {
    // When everything is taken down, nobody has died by itself.
    if (ending) return
    for (const listener of listeners) listener(event)
  }
  keeper.onReport((report) => known.get(report.name)?.instance.onReport(report))
  const find = (name: string) => {
    const found = known.get(name)
    if (found === undefined) throw unknownName('instance', name, [...known.keys()])
    return found
  }
  const runtime: LocalRuntime = {
    kind: 'local',
    slot: sandbox.slot,
    folder: sandbox.folder,
    keeperPid: keeper.pid,
    lost: sandbox.lost,
    addresses,
    start: async (name, order) => await find(name).instance.start(order),
    stop: async (name, order) => await find(name).instance.stop(order),
    kill: async (name, order) => await find(name).instance.kill(order),
    pause: async (name, order) => await find(name).instance.pause(order),
    resume: async (name, order) => await find(name).instance.resume(order),
    status: async (options) =>
      await Promise.all(
        [...known.values()].map(async ({ instance }) => await instance.status(options)),
      ),
    onInstance: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    logs: (name, options: LogOptions): AsyncIterable<LogLine> =>
      readLog({ instance: name, file: find(name).plan.logFile, clock }, options),
    cleanUp: async () => [...sandbox.mended, ...(await cleanUpEarlierSandboxes(parts))],
    booksFile: (run) => path.join(sandbox.folder, 'books', `${encodeURIComponent(run)}.sqlite`),
    [Symbol.asyncDispose]: async () => {
      ending = true
      await sandbox[Symbol.asyncDispose]()
    },
  }
  return {
    runtime,
    add: (plan) => {
      const instance = new LocalInstance(plan, { keeper, clock, emit })
      known.set(plan.name, { plan, instance })
      return instance
    },
  }
}
