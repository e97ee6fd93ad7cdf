import { InputError } from '#chaos/lib/errors.ts'

/** A range of IPv4 addresses: `10.231.7.0/26`. */
export type Subnet = string

/** Where subnets are taken from: private ranges that routers, VPNs and Docker's default pools rarely use. */
const pools: readonly Subnet[] = ['10.231.0.0/16', '172.31.128.0/17', '192.168.224.0/19']
/** 61 replicas of a service, the links and the gateway. */
const prefix = 26
const size = 2 ** (32 - prefix)

/** The first subnets that overlap no taken one. Throws {@link InputError} when the pools are full. */
export function chooseSubnets(count: number, taken: readonly Subnet[]): readonly Subnet[] {
  const ranges = taken.map(rangeOf).filter((range) => range !== undefined)
  const chosen: Subnet[] = []
  for (const pool of pools) {
    const [first, last] = rangeOf(pool) ?? [0, -1]
    for (let start = first; start + size - 1 <= last && chosen.length < count; start += size)
      if (!ranges.some(([from, to]) => from <= start + size - 1 && start <= to))
        chosen.push(`${textOf(start)}/${prefix}`)
  }
  if (chosen.length === count) return chosen
  throw new InputError(
    `${count} networks are needed, and only ${chosen.length} subnets are free in ${pools.join(', ')}.`,
    { remedy: 'Remove networks that are not in use: docker network prune' },
  )
}

/** The address of the links container: the last one. The engine gives the first ones to other containers. */
export function linksAddressIn(subnet: Subnet): string {
  const [, last] = rangeOf(subnet) ?? [0, 0]
  return textOf(last - 1)
}

/** The routes of this machine in the text of `/proc/net/route`, without the default route. */
export function routesOf(text: string): readonly Subnet[] {
  return text.split('\n').flatMap((line) => {
    const [, destination = '', , , , , , mask = ''] = line.split('\t')
    if (!/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask)) return []
    const bits = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length
    const bytes = Array.from(Buffer.from(destination, 'hex').reverse())
    return bits === 0 ? [] : [`${bytes.join('.')}/${bits}`]
  })
}

function rangeOf(subnet: Subnet): readonly [number, number] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet)
  if (match === null) return undefined
  const [a = 0, b = 0, c = 0, d = 0, bits = 32] = match.slice(1).map(Number)
  const length = 2 ** (32 - bits)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % length)
  return [first, first + length - 1]
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
