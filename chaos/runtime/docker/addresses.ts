import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import { client } from '#chaos/contracts/topology.ts'
import { unknownName } from '#chaos/lib/errors.ts'
import { instances, links, stores } from '#services/topology.ts'

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
}

/** Names and passwords of the stores, as in docker-compose.yml. */
const databaseName = 'shop'
const storePorts: Readonly<Record<string, number>> = { postgres: 5432, redis: 6379 }

/** Addresses of the sandbox, as seen from the standpoint. */
export function createDockerAddresses(standpoint: Standpoint): DockerAddresses {
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
    const entry = [...instances, ...stores].find((one) => one.name === name)
    if (entry === undefined)
      throw unknownName(
        'instance',
        name,
        [...instances, ...stores].map((one) => one.name),
      )
    return at(name, entry.portOffset, storePorts[name])
  }
  const text = (address: HostAndPort): string => `${address.host}:${address.port}`
  return {
    of,
    http: (instance) => `http://${text(of(instance))}`,
    databaseUrl: `postgres://${databaseName}:${databaseName}@${text(of('postgres'))}/${databaseName}`,
    redisUrl: `redis://${text(of('redis'))}`,
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
