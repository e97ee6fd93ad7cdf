import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { client, kindOfStore, storeCalled, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { StoreKind } from '#chaos/contracts/topology.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { databaseUrl, operatorOf } from '../database-url.ts'
import { storeNamed } from '../store-named.ts'

/**
 * Where this process runs. `inside`: in a container of the project, where services have names and
 * the ports of slot 0. `outside`: on the host, which reaches only the published ports.
 */
export type Standpoint =
  | { readonly at: 'inside' }
  | { readonly at: 'outside'; readonly slot: number; readonly proxyPort?: number }

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

export interface DockerAddresses extends DirectAddresses {
  /** Address of a service, a store or the API of the links. */
  of(name: string): HostAndPort
  /** See {@link RuntimeProfiles.setPrimary}. */
  setPrimary(store: string, primary: string): void
}

/** The ports on which the stores listen in their containers. */
export const storePorts: Readonly<Record<StoreKind, number>> = { postgres: 5432, redis: 6379 }

/** Addresses of a sandbox of the system, as seen from the standpoint. */
export function createDockerAddresses(system: System, standpoint: Standpoint): DockerAddresses {
  const { name: databaseName, topology } = system
  const { instances, stores, links } = withAllProfiles(topology)
  const inside = standpoint.at === 'inside'
  const slot = inside ? 0 : standpoint.slot
  const at = (host: string, offset: number, port = localPort(slot, offset)): HostAndPort => ({
    host: inside ? host : '127.0.0.1',
    port: inside ? port : localPort(slot, offset),
  })
  const of = (name: string): HostAndPort => {
    if (name === 'links')
      return inside
        ? { host: 'links', port: proxyApiPort }
        : { host: '127.0.0.1', port: standpoint.proxyPort ?? proxyApiPort + slot }
    const store = stores.find((one) => one.name === name)
    const entry = store ?? instances.find((one) => one.name === name)
    if (entry === undefined)
      throw unknownName(
        'instance',
        name,
        [...instances, ...stores].map((one) => one.name),
      )
    return at(
      name,
      entry.portOffset,
      store === undefined ? undefined : storePorts[kindOfStore(store)],
    )
  }
  const primaries = new Map<string, string>()
  const ofStore = (kind: StoreKind): HostAndPort => {
    const store = storeNamed(topology, kind).name
    return of(primaries.get(store) ?? store)
  }
  const text = (address: HostAndPort): string => `${address.host}:${address.port}`
  return {
    of,
    http: (instance) => `http://${text(of(instance))}`,
    get databaseUrl() {
      return databaseUrl(text(ofStore('postgres')), databaseName, operatorOf(databaseName))
    },
    get serviceDatabaseUrl() {
      return databaseUrl(text(ofStore('postgres')), databaseName)
    },
    get redisUrl() {
      return `redis://${text(ofStore('redis'))}`
    },
    setPrimary: (store, primary) => void primaries.set(store, primary),
    storeUrl: (store) => {
      const address = text(of(store))
      return kindOfStore(storeCalled(stores, store)) === 'postgres'
        ? databaseUrl(address, databaseName, operatorOf(databaseName))
        : `redis://${address}`
    },
    proxyUrl: `http://${text(of('links'))}`,
    clientUrl: (instance) => {
      const link = links.find((one) => one.caller === client && one.callee === instance)
      if (link === undefined)
        throw unknownName(
          'link',
          `${client}:${instance}`,
          links.map((one) => one.name),
        )
      return `http://${text(at('links', link.portOffset))}`
    },
  }
}
