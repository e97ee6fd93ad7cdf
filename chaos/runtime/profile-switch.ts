import { profileNamed } from '#chaos/contracts/profiles/profile-named.ts'
import type { InstanceRequest, RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

type Act = (store: string, request: InstanceRequest) => Promise<void>

/** Starts and stops profiles, and knows which ones are on. */
export type ProfileSwitch = Pick<RuntimeProfiles, 'on' | 'start' | 'stop'>

/** `start` creates the data of a store and starts it; `stop` ends it and removes its data, even after a failed start. */
export function createProfileSwitch(
  topology: Topology,
  store: { readonly start: Act; readonly stop: Act },
): ProfileSwitch {
  const on = new Set<string>()
  const storesOf = (profile: string): readonly string[] =>
    (profileNamed(topology, profile).stores ?? []).map(({ name }) => name)
  const stop = async (profile: string, request: InstanceRequest): Promise<void> => {
    for (const name of storesOf(profile)) await store.stop(name, request)
    on.delete(profile)
  }
  return {
    get on() {
      return [...on]
    },
    start: async (profile, request) => {
      const names = storesOf(profile)
      if (on.has(profile)) return
      on.add(profile)
      try {
        for (const name of names) await store.start(name, request)
      } catch (error) {
        await stop(profile, { by: request.by })
        throw error
      }
    },
    stop,
  }
}
