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
  const storePort = (store: StoreKind): number =>
    localPort(slot, storeNamed(topology, store).portOffset)
  return {
    port,
    http: (instance) => `http://127.0.0.1:${port(instance)}`,
    get databaseUrl() {
      return operatorUrlAt(storePort('postgres'), name)
    },
    get serviceDatabaseUrl() {
      return databaseUrlAt(storePort('postgres'), name)
    },
    get redisUrl() {
      return redisUrlAt(storePort('redis'))
    },
    storeUrl: (store) =>
      kindOfStore(storeCalled(stores, store)) === 'postgres'
        ? databaseUrlAt(port(store), name)
        : redisUrlAt(port(store)),
    proxyUrl: `http://127.0.0.1:${port('links')}`,
    clientUrl: (instance) => `http://127.0.0.1:${port(`${client}:${instance}`)}`,
  }
}

/** Connection string of a Redis on this machine. */
export function redisUrlAt(port: number): string {
  return `redis://127.0.0.1:${port}`
}
