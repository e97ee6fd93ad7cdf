import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'

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
