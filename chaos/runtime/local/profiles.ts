import { profileNamed } from '#chaos/contracts/profile-named.ts'
import type { InstanceRequest, RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { LocalAddresses } from './addresses.ts'
import { localAddressOf, localRoute } from './instance/local-route.ts'

/** The data of a store that runs only while its profile is on. */
export interface OptionalData {
  create(): Promise<void>
  remove(): Promise<void>
}

interface Startable {
  start(request: InstanceRequest): Promise<void>
  kill(request: InstanceRequest): Promise<void>
}

export interface LocalProfiles extends RuntimeProfiles {
  /** Whether the part runs now: it belongs to no profile, or to one that is on. */
  isOn(part: string): boolean
  /** Adds the data of an optional store. */
  keep(store: string, data: OptionalData): void
}

/** The profiles of a local sandbox. `find` returns the instance of a store. */
export function createLocalProfiles(parts: {
  readonly topology: Topology
  readonly addresses: LocalAddresses
  readonly find: (store: string) => Startable
}): LocalProfiles {
  const { topology, addresses, find } = parts
  const on = new Set<string>()
  const data = new Map<string, OptionalData>()
  const profileOf = new Map(
    withAllProfiles(topology).stores.map(({ name, profile }) => [name, profile] as const),
  )
  const storesOf = (name: string): readonly string[] =>
    (profileNamed(topology, name).stores ?? []).map((store) => store.name)
  const stop = async (name: string, request: InstanceRequest): Promise<void> => {
    for (const store of storesOf(name)) {
      await find(store).kill(request)
      await data.get(store)?.remove()
    }
    on.delete(name)
  }
  return {
    get on() {
      return [...on]
    },
    isOn: (part) => {
      const profile = profileOf.get(part)
      return profile === undefined || on.has(profile)
    },
    keep: (store, own) => void data.set(store, own),
    start: async (name, request) => {
      const stores = storesOf(name)
      if (on.has(name)) return
      on.add(name)
      try {
        for (const store of stores) {
          await data.get(store)?.create()
          await find(store).start(request)
        }
      } catch (error) {
        await stop(name, { by: request.by })
        throw error
      }
    },
    stop,
    routeOf: (link) => localRoute(link, addresses),
    addressOf: (name) => localAddressOf(name, addresses),
    setPrimary: (store, primary) => addresses.setPrimary(store, primary),
  }
}
