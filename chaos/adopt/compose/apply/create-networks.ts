import { readFile } from 'node:fs/promises'

import { messageOf } from '#chaos/lib/errors.ts'
import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { chooseSubnets, linksAddressIn, routesOf } from '../plan/choose-subnets.ts'
import { ownedBy } from './owned.ts'
import type { OwnAdoption } from './owned.ts'

const attemptsMax = 5

export interface NetworksRequest {
  readonly owner: OwnAdoption
  /** Networks that containers of the user join. */
  readonly names: readonly string[]
  /** The network of the links alone: their published ports need one that is not internal. */
  readonly door: string
}

/**
 * Creates one small network for each name, and returns the links' address on each. Those that containers of the user join are
 * internal: they give them no other way to the outside, and they change no default route.
 */
export async function createNetworks(
  docker: Docker,
  { owner, names: joined, door }: NetworksRequest,
): Promise<ReadonlyMap<string, string>> {
  const names = [...joined, door]
  const refused: string[] = []
  const taken = [...(await subnetsOfEngine(docker)), ...(await subnetsOfMachine())]
  const subnets = chooseSubnets(names.length, taken)
  const entries = names.map((name, at) => ({ name, subnet: subnets[at] ?? '' }))
  for (const entry of entries)
    for (let attempt = 1; ; attempt++)
      try {
        await createNetwork(docker, owner, { ...entry, internal: entry.name !== door })
        break
      } catch (error) {
        if (attempt === attemptsMax || !isOverlap(error)) throw error
        refused.push(entry.subnet)
        const used = entries.map(({ subnet }) => subnet)
        entry.subnet = chooseSubnets(1, [...taken, ...used, ...refused])[0] ?? ''
      }
  return new Map(entries.map(({ name, subnet }) => [name, linksAddressIn(subnet)]))
}

async function createNetwork(
  docker: Docker,
  owner: OwnAdoption,
  network: { readonly name: string; readonly subnet: string; readonly internal: boolean },
): Promise<void> {
  await docker.createNetwork({
    Name: network.name,
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: network.internal,
    IPAM: { Driver: 'default', Config: [{ Subnet: network.subnet }] },
    Labels: ownedBy(owner),
  })
}

/** Routes that this process does not see, for example of the engine's own machine. */
function isOverlap(error: unknown): boolean {
  return engineStatusOf(error) !== undefined && /overlap/i.test(messageOf(error))
}

async function subnetsOfEngine(docker: Docker): Promise<readonly string[]> {
  const networks = await docker.listNetworks()
  return networks.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])),
  )
}

async function subnetsOfMachine(): Promise<readonly string[]> {
  try {
    return routesOf(await readFile('/proc/net/route', 'utf8'))
  } catch {
    // Not Linux: the engine's machine is another one, and it refuses what overlaps there.
    return []
  }
}
