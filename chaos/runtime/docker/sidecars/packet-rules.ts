import { InputError } from '#chaos/lib/errors.ts'
import { client, links, localPort } from '#services/topology.ts'

/** Which packets, seen from the caller: what it sends, what it gets. */
export type Flow = 'out' | 'in'

export interface PacketRules {
  /** The instance in whose network namespace the rules are. */
  readonly at: string
  /** Without their target: `OUTPUT -p tcp --dport 20030`. */
  readonly matches: readonly string[]
}

/**
 * Matches for the packets between two instances. On a link the caller speaks to the data plane, on a port that belongs to
 * this link alone, so the caller's own namespace is where the two can be told from everybody else. Packets that pass no
 * link are matched by `addressOf`, the callee's address; an instance that is down has none.
 */
export function packetRules(
  from: string,
  to: string,
  direction: 'both' | 'one-way',
  addressOf: (instance: string) => string | undefined,
): PacketRules {
  if (from === client || to === client)
    throw new InputError(`"${client}" is outside of the sandbox: it has no network namespace.`)
  if (from === to) throw new InputError(`There are no packets from "${from}" to itself.`)
  const outgoing = links.find((one) => one.caller === from && one.callee === to)
  const incoming = links.find((one) => one.caller === to && one.callee === from)
  // Where only the other one calls, the rules are with it, and what `from` sends is what it gets.
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
