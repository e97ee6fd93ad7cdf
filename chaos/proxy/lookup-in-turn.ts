import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** The next turn of each name with several addresses. */
const turns = new Map<string, number>()

/**
 * Resolves a name like the system. A name with several addresses, such as that of a service with replicas, gives each
 * connection the next one first. The others follow, so a connection succeeds while one of them accepts.
 */
export const lookupInTurn: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    const [first, ...rest] = error === null ? inTurn(host, addresses) : []
    if (error !== null || first === undefined) callback(error, [])
    else if (options.all === true) callback(null, [first, ...rest])
    else callback(null, first.address, first.family)
  })
}

/** The addresses of the first family, rotated, then the others. */
export function inTurn(host: string, addresses: readonly LookupAddress[]): LookupAddress[] {
  const family = addresses[0]?.family
  const same = addresses
    .filter((one) => one.family === family)
    // The resolver gives them in any order.
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))
  if (same.length < 2) return [...addresses]
  const turn = (turns.get(host) ?? 0) % same.length
  turns.set(host, turn + 1)
  return [
    ...same.slice(turn),
    ...same.slice(0, turn),
    ...addresses.filter((one) => one.family !== family),
  ]
}
