import type { InstanceRequest, RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import { createProfileSwitch } from '../profile-switch.ts'
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
  const data = new Map<string, StoreData>()
  const profileOf = new Map(
    withAllProfiles(topology).stores.map(({ name, profile }) => [name, profile] as const),
  )
  const profiles = createProfileSwitch(topology, {
    start: async (store, request) => {
      await data.get(store)?.create?.()
      await find(store).start(request)
    },
    stop: async (store, request) => {
      await find(store).kill(request)
      await data.get(store)?.remove()
    },
  })
  return {
    get on() {
      return profiles.on
    },
    start: profiles.start,
    stop: profiles.stop,
    isOn: (part) => {
      const profile = profileOf.get(part)
      return profile === undefined || profiles.on.includes(profile)
    },
    keep: (store, own) => void data.set(store, own),
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
