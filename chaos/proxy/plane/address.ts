import type { AddressInfo } from 'node:net'

export interface TcpAddress {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:5432`, `[::1]:5432`, `:5432`. Undefined when it has no port or no such form. */
export function parseAddress(text: string): TcpAddress | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const port = Number(match[3])
  return port > 65_535 ? undefined : { host: match[1] ?? match[2] ?? '', port }
}

export function formatAddress({ host, port }: TcpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

export function addressOf(info: AddressInfo | string | null): string | undefined {
  if (info === null || typeof info === 'string') return undefined
  return formatAddress({ host: info.address, port: info.port })
}
