import type { DirectConnections } from '#chaos/contracts/runtime.ts'

import type { AdoptionPlan } from './adoption-plan.ts'
import type { ObservedContainer } from './observed-container.ts'
import type { SocketEntry } from './socket-table.ts'

/** One open connection to a callee that passes no link. */
export interface DirectSocket extends Pick<
  DirectConnections,
  'caller' | 'callee' | 'port' | 'address'
> {
  /** Differs from every other connection, also from a later one of the same caller. */
  readonly key: string
  /** The same for the caller's own end, if it opened a port that the host publishes: the callee sees another end, of the host. */
  readonly callerKey?: string
  /** Id of the caller's container; absent: the caller is not a container of the project. */
  readonly container?: string
}

/** What the kernel and the engine say now. */
export interface ConnectionFacts {
  /** Containers of the project that run. */
  readonly containers: readonly ObservedContainer[]
  /** By container id. */
  readonly sockets: ReadonlyMap<string, readonly SocketEntry[]>
  /** Addresses of the links container. */
  readonly linkAddresses: readonly string[]
  /** Addresses of the machine. */
  readonly hostAddresses: readonly string[]
  /** Keys of connections that were open when the links came. */
  readonly before: ReadonlySet<string>
}

/**
 * The open connections in the callees' socket tables that do not come from the links. So nothing is missed, whatever address the
 * caller used: the container's own one, a port that the host publishes, or the host's network.
 */
export function directSockets(
  { links }: Pick<AdoptionPlan, 'links'>,
  facts: ConnectionFacts,
): readonly DirectSocket[] {
  const { containers, sockets, linkAddresses } = facts
  const owners = new Map(
    containers.flatMap((one) => addressesOf(one).map((address) => [address, one] as const)),
  )
  const ofHost = addressesOfHost(facts)
  const seen = new Set<string>()
  return containers.flatMap((callee): readonly DirectSocket[] => {
    const own = links.filter((link) => link.callee === callee.service)
    const ports = new Set(own.map(({ port }) => port))
    const published = publishedCallers(callee, facts)
    return (sockets.get(callee.id) ?? []).flatMap(({ state, local, remote }) => {
      const key = keyOf({ local, remote })
      if (state !== 'open' || !ports.has(local.port) || isLoopback(remote.address)) return []
      if (linkAddresses.includes(remote.address) || seen.has(key)) return []
      // Containers that share a network have one table.
      seen.add(key)
      const to = { callee: callee.service, port: local.port, key }
      const address = `${local.address}:${local.port}`
      const caller = owners.get(remote.address)
      if (caller !== undefined)
        return [{ ...to, caller: caller.service, container: caller.id, address }]
      if (!ofHost.has(remote.address)) return [{ ...to, caller: remote.address, address }]
      const through = takeOfAge(published.get(local.port), facts.before.has(key), facts.before)
      return [through === undefined ? { ...to, caller: 'host', address } : { ...to, ...through }]
    })
  })
}

/** The same connections, counted. `before`: keys of those that were open when the links came. */
export function countDirect(
  sockets: readonly DirectSocket[],
  before: ReadonlySet<string>,
): readonly DirectConnections[] {
  const counted = sockets.map(({ key, caller, callee, port, address }) => ({
    caller,
    callee,
    port,
    address,
    opened: before.has(key) ? ('before' as const) : ('since' as const),
  }))
  const groups = Map.groupBy(counted, (one) => JSON.stringify(one))
  return [...groups.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first, count: 1 + more.length }],
  )
}

/** Keys by which connections are known again. */
export function keysOf(sockets: readonly DirectSocket[]): ReadonlySet<string> {
  return new Set(
    sockets.flatMap(({ key, callerKey }) => (callerKey === undefined ? [key] : [key, callerKey])),
  )
}

/** The end that belongs to the caller alone: its own one, not that of a forwarder on the host. */
export function ownKeyOf({ key, callerKey }: DirectSocket): string {
  return callerKey ?? key
}

function keyOf({ local, remote }: Pick<SocketEntry, 'local' | 'remote'>): string {
  return `${local.address}:${local.port} ${remote.address}:${remote.port}`
}

interface Through extends Pick<DirectSocket, 'caller' | 'address' | 'container'> {
  readonly callerKey: string
}

/**
 * Takes the first caller whose end is as old as the callee's end. Which end of the host belongs to which caller, no table says. But
 * both were opened together: both before the links came, or both since.
 */
function takeOfAge(
  callers: Through[] | undefined,
  isBefore: boolean,
  before: ReadonlySet<string>,
): Through | undefined {
  const at = callers?.findIndex(({ callerKey }) => before.has(callerKey) === isBefore) ?? -1
  return at === -1 ? undefined : callers?.splice(at, 1)[0]
}

/**
 * Callers in the project that have opened a port that the host publishes for this callee, by the port of the callee. The callee sees the
 * host as the caller.
 */
function publishedCallers(
  callee: ObservedContainer,
  facts: ConnectionFacts,
): ReadonlyMap<number, Through[]> {
  const ofHost = addressesOfHost(facts)
  const found = callee.hostPorts.flatMap(({ port, hostPort }) =>
    facts.containers
      // The table of a container on the host's network has the connections of every process of the host.
      .filter(({ networkMode }) => networkMode !== 'host')
      .flatMap(({ id, service }) =>
        (facts.sockets.get(id) ?? [])
          .filter(
            ({ state, remote }) =>
              state === 'open' && remote.port === hostPort && ofHost.has(remote.address),
          )
          .map((entry) => ({
            port,
            caller: service,
            container: id,
            address: `${entry.remote.address}:${hostPort}`,
            callerKey: `${id} ${keyOf(entry)}`,
          })),
      ),
  )
  return Map.groupBy(found, ({ port }) => port)
}

function addressesOfHost({ containers, hostAddresses }: ConnectionFacts): ReadonlySet<string> {
  const gateways = containers.flatMap(({ networks }) => networks.flatMap((one) => one.gateways))
  return new Set([...gateways, ...hostAddresses])
}

function addressesOf({ networks }: ObservedContainer): readonly string[] {
  return networks.flatMap(({ address, ipv6 }) => [address, ipv6]).filter((one) => one !== '')
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}
