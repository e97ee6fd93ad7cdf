import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { client, kindOfStore, storeCalled, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { StoreKind } from '#chaos/contracts/topology.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { storeNamed } from '../store-named.ts'
import { databaseUrlAt, operatorUrlAt } from './stores/postgres.ts'

export interface LocalAddresses extends DirectAddresses {
  /**
   * Port of an instance, a store, a link (`api-1:postgres`), or of the data plane's API (`links`).
   */
  port(name: string): number
  /** See {@link RuntimeProfiles.setPrimary}. */
  setPrimary(store: string, primary: string): void
}

/** Addresses of a sandbox of the system. All are on 127.0.0.1; the slot gives the ports. */
export function localAddresses({ name, topology }: System, slot: number): LocalAddresses {
  const { instances, stores, links } = withAllProfiles(topology)
  const offsets = new Map(
    [...instances, ...stores, ...links].map(({ name, portOffset }) => [name, portOffset]),
  )
  const port = (name: string): number => {
    if (name === 'links') return proxyApiPort + slot
    const offset = offsets.get(name)
    if (offset === undefined) throw unknownName('instance or link', name, [...offsets.keys()])
    return localPort(slot, offset)
  }
  const primaries = new Map<string, string>()
  const primaryPort = (kind: StoreKind): number => {
    const store = storeNamed(topology, kind).name
    return port(primaries.get(store) ?? store)
  }
  return {
    port,
    http: (instance) => `http://127.0.0.1:${port(instance)}`,
    get databaseUrl() {
      return operatorUrlAt(primaryPort('postgres'), name)
    },
    get serviceDatabaseUrl() {
      return databaseUrlAt(primaryPort('postgres'), name)
    },
    get redisUrl() {
      return redisUrlAt(primaryPort('redis'))
    },
    setPrimary: (store, primary) => void primaries.set(store, primary),
    storeUrl: (store) =>
      kindOfStore(storeCalled(stores, store)) === 'postgres'
        ? operatorUrlAt(port(store), name)
        : redisUrlAt(port(store)),
    proxyUrl: `http://127.0.0.1:${port('links')}`,
    clientUrl: (instance) => `http://127.0.0.1:${port(`${client}:${instance}`)}`,
  }
}

/** Connection string of a Redis on this machine. */
export function redisUrlAt(port: number): string {
  return `redis://127.0.0.1:${port}`
}
