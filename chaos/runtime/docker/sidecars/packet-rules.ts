import { localPort } from '#chaos/contracts/ports.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Direction of packets, seen from the caller: sent or received. */
export type Flow = 'out' | 'in'

/** Packets between two instances; `one-way` means only the packets of `from`. */
export interface PacketRequest {
  readonly from: string
  readonly to: string
  readonly direction: 'both' | 'one-way'
}

export interface PacketRules {
  /** The instance whose network namespace holds the rules. */
  readonly at: string
  /** Without their action: `OUTPUT -p tcp --dport 20030`. */
  readonly matches: readonly string[]
}

/**
 * Matches for the packets between two instances. On a link the caller connects to the data plane,
 * on a port of this link alone. So the caller's own namespace is where these packets differ from
 * all others. Packets that pass no link are matched by the peer's address; an instance that is down
 * has none (`addressOf` gives undefined).
 */
export function packetRules(
  { links }: Pick<Topology, 'links'>,
  { from, to, direction }: PacketRequest,
  addressOf: (instance: string) => string | undefined,
): PacketRules {
  if (from === client || to === client)
    throw new InputError(`"${client}" is outside of the sandbox and has no network namespace.`)
  if (from === to) throw new InputError(`There are no packets from "${from}" to itself.`)
  const outgoing = links.find((one) => one.caller === from && one.callee === to)
  const incoming = links.find((one) => one.caller === to && one.callee === from)
  // If only the other instance calls, its namespace holds the rules, and it receives what `from`
  // sends.
  const at = outgoing === undefined && incoming !== undefined ? to : from
  const peer = at === from ? to : from
  const flows: readonly Flow[] = direction === 'both' ? ['out', 'in'] : [at === from ? 'out' : 'in']
  const link = outgoing ?? incoming
  const address = addressOf(peer)
  return {
    at,
    matches: flows.flatMap((flow) => [
      ...(link === undefined ? [] : [onPort(flow, localPort(0, link.portOffset))]),
      ...(address === undefined ? [] : [onAddress(flow, address)]),
    ]),
  }
}

function onPort(flow: Flow, port: number): string {
  return flow === 'out' ? `OUTPUT -p tcp --dport ${port}` : `INPUT -p tcp --sport ${port}`
}

function onAddress(flow: Flow, address: string): string {
  return flow === 'out' ? `OUTPUT -d ${address}` : `INPUT -s ${address}`
}
