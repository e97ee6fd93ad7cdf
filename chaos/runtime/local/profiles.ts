import { profileNamed } from '#chaos/contracts/profile-named.ts'
import type { InstanceRequest, RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { LocalAddresses } from './addresses.ts'
import { localAddressOf, localRoute } from './instance/local-route.ts'

/** The data folder of a store that has replicas, or is one. */
export interface StoreData {
  /** Only of a store that runs only while its profile is on. */
  create?(): Promise<void>
  remove(): Promise<void>
  /** Copies the data of another store that runs. */
  copyFrom(store: string): Promise<void>
}

interface Startable {
  start(request: InstanceRequest): Promise<void>
  kill(request: InstanceRequest): Promise<void>
}

export interface LocalProfiles extends RuntimeProfiles {
  /** Whether the part runs now: it belongs to no profile, or to one that is on. */
  isOn(part: string): boolean
  keep(store: string, data: StoreData): void
}

/** The profiles of a local sandbox. `find` returns the instance of a store. */
export function createLocalProfiles(parts: {
  readonly topology: Topology
  readonly addresses: LocalAddresses
  readonly find: (store: string) => Startable
}): LocalProfiles {
  const { topology, addresses, find } = parts
  const on = new Set<string>()
  const data = new Map<string, StoreData>()
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
          await data.get(store)?.create?.()
          await find(store).start(request)
        }
      } catch (error) {
        await stop(name, { by: request.by })
        throw error
      }
    },
    stop,
    copyStore: async (store, from, request) => {
      await find(store).kill(request)
      await data.get(store)?.remove()
      await data.get(store)?.copyFrom(from)
      await find(store).start(request)
    },
    routeOf: (link) => localRoute(link, addresses),
    addressOf: (name) => localAddressOf(name, addresses),
    setPrimary: (store, primary) => addresses.setPrimary(store, primary),
  }
}
