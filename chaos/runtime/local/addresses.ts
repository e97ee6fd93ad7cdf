import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { client, kindOfStore, storeCalled, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { StoreKind, Topology } from '#chaos/contracts/topology.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { storeNamed } from '../store-named.ts'
import { databaseUrlAt, operatorUrlAt } from './stores/postgres.ts'

export interface LocalAddresses extends DirectAddresses {
  /**
   * Port of an instance, a store, a link (`api-1:postgres`), or of the data plane's API (`links`).
   */
  port(name: string): number
  /** The host of an instance, a store or a link: 127.0.0.1, unless it is a user's own store. */
  host(name: string): string
  /** See {@link RuntimeProfiles.setPrimary}. */
  setPrimary(store: string, primary: string): void
}

/** Addresses of a sandbox of the system. All are on 127.0.0.1, and the slot gives the ports; a user's own parts have their own. */
export function localAddresses({ name, topology }: System, slot: number): LocalAddresses {
  const { instances, stores, links } = withAllProfiles(topology)
  const offsets = new Map(
    [...instances, ...stores, ...links].map(({ name, portOffset }) => [name, portOffset]),
  )
  const port = (name: string): number => {
    if (name === 'links') return proxyApiPort + slot
    const own = ownPort(topology, name)
    if (own !== undefined) return own
    const offset = offsets.get(name)
    if (offset === undefined) throw unknownName('instance or link', name, [...offsets.keys()])
    return localPort(slot, offset)
  }
  const primaries = new Map<string, string>()
  const primaryOf = (kind: StoreKind): string => {
    const store = storeNamed(topology, kind).name
    return primaries.get(store) ?? store
  }
  const urlOf = (store: string, urlAt: (port: number) => string): string =>
    storeCalled(stores, store).address ?? urlAt(port(store))
  return {
    port,
    host: (name) => {
      const address = stores.find((store) => store.name === name)?.address
      return address === undefined ? '127.0.0.1' : new URL(address).hostname
    },
    http: (instance) => `http://127.0.0.1:${port(instance)}`,
    get databaseUrl() {
      return urlOf(primaryOf('postgres'), (at) => operatorUrlAt(at, name))
    },
    get serviceDatabaseUrl() {
      return urlOf(primaryOf('postgres'), (at) => databaseUrlAt(at, name))
    },
    get redisUrl() {
      return urlOf(primaryOf('redis'), redisUrlAt)
    },
    setPrimary: (store, primary) => void primaries.set(store, primary),
    storeUrl: (store) =>
      kindOfStore(storeCalled(stores, store)) === 'postgres'
        ? urlOf(store, (at) => operatorUrlAt(at, name))
        : urlOf(store, redisUrlAt),
    proxyUrl: `http://127.0.0.1:${port('links')}`,
    clientUrl: (instance) => `http://127.0.0.1:${port(`${client}:${instance}`)}`,
  }
}

/** The port of a user's own part. Undefined: the slot gives it. */
function ownPort({ instances, stores }: Topology, name: string): number | undefined {
  const address = stores.find((store) => store.name === name)?.address
  if (address === undefined) return instances.find((one) => one.name === name)?.program?.port
  const { port, protocol } = new URL(address)
  return port === '' ? (protocol === 'redis:' ? 6379 : 5432) : Number(port)
}

/** Connection string of a Redis on this machine. */
export function redisUrlAt(port: number): string {
  return `redis://127.0.0.1:${port}`
}
