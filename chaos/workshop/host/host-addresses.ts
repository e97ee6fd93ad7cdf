import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { NetworkInterfaceInfo } from 'node:os'

import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

/**
 * How learners can name this machine in a URL, the best first: the names that the instructor gave, then the address to listen
 * on, or all IPv4 addresses of the machine if that is every address. The addresses of a container, and of bridges to containers,
 * are left out: no learner reaches them. Throws {@link InputError} for a name that no URL can have.
 */
export function hostAddresses({
  address,
  names,
  isInContainer = false,
}: {
  readonly address: string
  readonly names: readonly string[]
  readonly isInContainer?: boolean
}): readonly string[] {
  const given = [...new Set(names.map(hostName))]
  // The port is published on the machine of the container, at 127.0.0.1 at least.
  if (isInContainer) return given.length > 0 ? given : ['127.0.0.1']
  const own = listensEverywhere(address) ? ownAddresses() : [inUrl(address)]
  return [...new Set([...given, ...own])]
}

/** How this machine itself reaches the address, in a URL. */
export function localAddress(address: string): string {
  return listensEverywhere(address) ? '127.0.0.1' : inUrl(address)
}

function listensEverywhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** As browsers send it in the header Host: in lower case. */
function hostName(name: string): string {
  const url = URL.parse(`http://${inUrl(name)}`)
  if (url !== null && url.hostname === inUrl(name).toLowerCase()) return url.hostname
  throw new InputError(`"${shortened(name)}" is not a valid host name.`, {
    remedy: 'Use a name or an address without a port, for example --name 192.0.2.10.',
  })
}

/** As Docker, Podman and libvirt name them. */
const bridges = /^(docker\d|br-[\da-f]{12}$|podman\d|cni-|virbr\d)/

/** The IPv4 addresses by which other machines may reach this one. */
export function ownAddresses(
  interfaces: Readonly<
    Record<
      string,
      readonly Pick<NetworkInterfaceInfo, 'family' | 'internal' | 'address'>[] | undefined
    >
  > = networkInterfaces(),
): readonly string[] {
  const external = Object.entries(interfaces)
    .filter(([name]) => !bridges.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return external.length === 0 ? ['127.0.0.1'] : external
}

function inUrl(address: string): string {
  return isIPv6(address) ? `[${address}]` : address
}
