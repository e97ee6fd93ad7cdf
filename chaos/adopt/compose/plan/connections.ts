import type { AdoptionPlan } from './adoption-plan.ts'
import type { SocketEntry } from './socket-table.ts'

/** Connections between two services that pass no link. */
export interface DirectConnections {
  readonly caller: string
  readonly callee: string
  readonly port: number
  readonly count: number
  /** The id of the caller's container, and the addresses of the callee. */
  readonly container: string
  readonly addresses: readonly string[]
}

/**
 * The connections that callers have open to callees at their own addresses: they were open before the links were there, or the
 * caller uses a fixed address. `sockets`: by container id.
 */
export function directConnections(
  { members, links }: Pick<AdoptionPlan, 'members' | 'links'>,
  sockets: ReadonlyMap<string, readonly SocketEntry[]>,
): readonly DirectConnections[] {
  const addressesOf = new Map(
    members.map(({ service, containers }) => [
      service,
      containers.flatMap(({ networks }) => networks.map(({ address }) => address)).filter(Boolean),
    ]),
  )
  return links.flatMap(({ caller, callee, port }) => {
    const containers = members.find(({ service }) => service === caller)?.containers ?? []
    const addresses = addressesOf.get(callee) ?? []
    return containers.flatMap(({ id }): readonly DirectConnections[] => {
      const open = (sockets.get(id) ?? []).filter(
        ({ state, remote }) =>
          state === 'open' && remote.port === port && addresses.includes(remote.address),
      )
      if (open.length === 0) return []
      return [{ caller, callee, port, count: open.length, container: id, addresses }]
    })
  })
}
