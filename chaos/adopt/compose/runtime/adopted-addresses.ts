import { localPort } from '#chaos/contracts/ports.ts'
import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import { client, storeOfKind } from '#chaos/contracts/topology.ts'
import type { StoreKind, Topology } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import type { ContainerInspection } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { storeUrlOf } from './store-url.ts'

export interface AdoptedAddresses extends DirectAddresses {
  /** Remembers where the container is now: its address changes with each start. */
  update(instance: string, inspection: ContainerInspection): void
  /** The address and the main port of an instance; undefined while it has none. */
  of(instance: string): { readonly host: string; readonly port: number } | undefined
}

/**
 * The containers' own addresses on networks of the project. They bypass the links. The host reaches them where the engine runs on
 * the same Linux machine.
 */
export function createAdoptedAddresses(given: {
  readonly topology: Topology
  readonly slot: number
  readonly proxyPort: number
  /** The main port of each instance that has one. */
  readonly ports: ReadonlyMap<string, number>
}): AdoptedAddresses {
  const { topology, slot, ports } = given
  const known = new Map<
    string,
    { readonly host: string; readonly inspection: ContainerInspection }
  >()
  const of = (instance: string): { host: string; port: number } | undefined => {
    const host = known.get(instance)?.host
    const port = ports.get(instance)
    return host === undefined || port === undefined ? undefined : { host, port }
  }
  const required = (instance: string): string => {
    const address = of(instance)
    if (address !== undefined) return `${address.host}:${address.port}`
    if (!known.has(instance)) throw unknownName('instance', instance, [...known.keys()])
    throw new InputError(`${instance} has no address: it does not run, or listens on no port.`, {
      status: 409,
    })
  }
  const storeUrl = (name: string): string => {
    const address = required(name)
    const inspection = known.get(name)?.inspection
    if (inspection === undefined) throw unknownName('store', name, [...known.keys()])
    const store = topology.stores.find((one) => one.name === name)
    return storeUrlOf(store?.kind ?? 'postgres', address, inspection.Config)
  }
  const ofKind = (kind: StoreKind): string => {
    const store = storeOfKind(topology, kind)
    if (store !== undefined) return storeUrl(store.name)
    throw new InputError(`This project has no ${kind === 'postgres' ? 'Postgres' : 'Redis'}.`)
  }
  return {
    of,
    update: (instance, inspection) => {
      const networks = Object.values(inspection.NetworkSettings.Networks)
      const host = networks.find(({ IPAddress }) => IPAddress !== '')?.IPAddress
      if (host === undefined) known.delete(instance)
      else known.set(instance, { host, inspection })
    },
    http: (instance) => `http://${required(instance)}`,
    get databaseUrl() {
      return ofKind('postgres')
    },
    get serviceDatabaseUrl() {
      return ofKind('postgres')
    },
    get redisUrl() {
      return ofKind('redis')
    },
    storeUrl,
    proxyUrl: `http://127.0.0.1:${given.proxyPort}`,
    clientUrl: (instance) => {
      const links = topology.links.filter(({ caller }) => caller === client)
      const link = links.find(({ callee }) => callee === instance)
      if (link === undefined)
        throw unknownName(
          'link',
          `${client}:${instance}`,
          links.map(({ name }) => name),
        )
      return `http://127.0.0.1:${localPort(slot, link.portOffset)}`
    },
  }
}
