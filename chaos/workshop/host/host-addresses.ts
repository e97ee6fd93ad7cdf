import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.')
}

/**
 * How learners can name this machine in a URL, the best first: the names that the instructor gave, then the address to listen
 * on, or all IPv4 addresses of the machine if that is every address.
 */
export function hostAddresses({
  address,
  names,
}: {
  readonly address: string
  readonly names: readonly string[]
}): readonly string[] {
  const listensEverywhere = address === '0.0.0.0' || address === '::'
  return [...new Set([...names, ...(listensEverywhere ? ownAddresses() : [inUrl(address)])])]
}

function ownAddresses(): readonly string[] {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return external.length === 0 ? ['127.0.0.1'] : external
}

function inUrl(address: string): string {
  return isIPv6(address) ? `[${address}]` : address
}
