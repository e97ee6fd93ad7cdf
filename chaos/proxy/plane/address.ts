import { lookup } from 'node:dns/promises'
import type { AddressInfo, Socket } from 'node:net'

import type { ConnectionAddresses } from '#chaos/contracts/links.ts'

export interface TcpAddress {
  readonly host: string
  readonly port: number
}

/** Parses `127.0.0.1:5432`, `[::1]:5432` or `:5432`. Undefined if the text has another form or no valid port. */
export function parseAddress(text: string): TcpAddress | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const port = Number(match[3])
  return port > 65_535 ? undefined : { host: match[1] ?? match[2] ?? '', port }
}

/** Replaces a host name by its IP address; prefers IPv4, as Go does. Rejects if the name has no address. */
export async function resolveAddress({ host, port }: TcpAddress): Promise<TcpAddress> {
  const { address } = await lookup(host, { order: 'ipv4first' })
  return { host: address, port }
}

export function formatAddress({ host, port }: TcpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

export function addressOf(info: AddressInfo | string | null): string | undefined {
  if (info === null || typeof info === 'string') return undefined
  return formatAddress({ host: info.address, port: info.port })
}

type Addressed = Pick<Socket, 'remoteAddress'> | null

/** The addresses of both ends of a connection. `server`: null while it is not connected. */
export function addressesOf(client: Addressed, server: Addressed): ConnectionAddresses {
  const [caller, callee] = [ipOf(client), ipOf(server)]
  return {
    ...(caller === undefined ? {} : { caller }),
    ...(callee === undefined ? {} : { callee }),
  }
}

/** IPv4 in IPv6 is IPv4. */
function ipOf(socket: Addressed): string | undefined {
  return socket?.remoteAddress?.replace(/^::ffff:/, '')
}

interface Addresses {
  readonly addresses: ConnectionAddresses
}

/**
 * The connections that an instance has on a link. If several addresses have connections at its end of the link, these are replicas,
 * and only the connections of this address are returned.
 */
export function connectionsOfInstance<T extends Addresses>(
  { name, connections }: { readonly name: string; readonly connections: Iterable<T> },
  instance: string,
  address: string | undefined,
): readonly T[] {
  const end = (['caller', 'callee'] as const).find((_, at) => name.split(':')[at] === instance)
  if (end === undefined) return []
  const all = [...connections]
  const known = new Set(all.map(({ addresses }) => addresses[end]).filter(Boolean))
  return known.size <= 1 ? all : all.filter(({ addresses }) => addresses[end] === address)
}
