import type { FaultContext, FaultRequest, InjectedFault, Support } from '#chaos/contracts/fault.ts'
import type { ResourceKind, ResourceLimits, Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { injectAll } from './inject-all.ts'

const words: Readonly<Record<ResourceKind, string>> = {
  'cpu-limit': 'limit the CPU of an instance',
  'memory-limit': 'limit the memory of an instance',
  'disk-full': 'fill the disk of a store',
}

/** Says whether this runtime can set such a limit. */
export function resourceSupport(kind: ResourceKind): (runtime: Runtime) => Support {
  return (runtime) =>
    runtime.resourceLimits?.supported.has(kind) === true
      ? { available: true, how: `by the ${runtime.kind} runtime` }
      : { available: false, how: `the ${runtime.kind} runtime cannot ${words[kind]}` }
}

/** Sets a limit on every target. Throws {@link InputError} where the runtime cannot set it. */
export async function injectLimit(
  kind: ResourceKind,
  request: FaultRequest<unknown>,
  context: Pick<FaultContext, 'runtime' | 'signal'>,
  set: (limits: ResourceLimits, name: string) => Promise<AsyncDisposable>,
): Promise<InjectedFault> {
  const limits = context.runtime.resourceLimits
  if (limits?.supported.has(kind) !== true)
    throw new InputError(`The ${context.runtime.kind} runtime cannot ${words[kind]}.`, {
      remedy: 'Use the Docker sandbox for this fault (docker compose up).',
      status: 501,
    })
  const active = new Map<string, AsyncDisposable>()
  return await injectAll({
    mechanism: `limit set by the ${context.runtime.kind} runtime`,
    targets: request.targets,
    signal: context.signal,
    apply: async (name) => {
      active.set(name, await set(limits, name))
    },
    heal: async (name) => {
      await active.get(name)?.[Symbol.asyncDispose]()
    },
  })
}
