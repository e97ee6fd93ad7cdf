import { createProfiles } from '#chaos/engine/profiles.ts'
import type { Profiles } from '#chaos/engine/profiles.ts'
import { createWorld } from '#chaos/faults/testing/describe-fault.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { system } from '#chaos/system.ts'

import type { LocalRuntime } from '../local-runtime.ts'
import { startTinyRuntime } from './start-tiny-runtime.ts'

/** A sandbox with real stores, replicas and links, and the context in which faults work on it. */
export interface ReplicaWorld extends AsyncDisposable {
  readonly runtime: LocalRuntime
  readonly profiles: Profiles
  readonly context: ReturnType<typeof createWorld>['context']
  readonly databaseUrl: string
  urlOf(store: string): string
}

export async function startReplicaWorld(
  options: Parameters<typeof startTinyRuntime>[0] = {},
): Promise<ReplicaWorld> {
  const runtime = await startTinyRuntime(options)
  const { addresses } = runtime
  const links = createLinkControl(addresses.proxyUrl)
  const { topology } = system
  const profiles = createProfiles({ topology, runtime, links, environmentOf: () => ({}) })
  const world = createWorld()
  return {
    runtime,
    profiles,
    context: { ...world.context, topology: profiles.topology, runtime, links, profiles },
    databaseUrl: addresses.databaseUrl,
    urlOf: (store) => addresses.storeUrl(store),
    [Symbol.asyncDispose]: async () => await runtime[Symbol.asyncDispose](),
  }
}
