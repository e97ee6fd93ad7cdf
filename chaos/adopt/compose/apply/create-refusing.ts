import type { LinkControl } from '#chaos/contracts/links.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { acceptsConnections } from '#chaos/runtime/accepts-connections.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import type { AdoptionPlan, PlannedLink } from '../plan/adoption-plan.ts'
import { listContainers } from './compose-project.ts'

export interface RefusingParts {
  readonly docker: Docker
  readonly plan: AdoptionPlan
  readonly control: Pick<LinkControl, 'takeDown' | 'bringUp'>
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * While no container of a service accepts connections, its links refuse them too: a health check through a link sees what it
 * would see without it.
 */
export interface Refusing {
  /** A container of the service has ended. */
  service(name: string): Promise<void>
  /** The link could not connect to its callee. Its live connections go on: a service that drains closes its port first. */
  link(name: string): Promise<void>
  /** Whether the callee of the link is being asked already. */
  follows(link: string): boolean
}

/** A service that is down for long is asked less often. */
const [checkFirstMs, checkLastMs] = [300, 2_000]
/** If this process ends, the link listens again by itself. */
const leaseMs = 5_000

export function createRefusing(parts: RefusingParts): Refusing {
  const following = new Set<string>()
  const follow = async (links: readonly PlannedLink[], keepConnections: boolean): Promise<void> => {
    await Promise.all(
      links
        .filter(({ name }) => !following.has(name))
        .map(async (link) => {
          following.add(link.name)
          await followCallee(link, parts, keepConnections).finally(() =>
            following.delete(link.name),
          )
        }),
    )
  }
  const { links } = parts.plan
  return {
    service: async (service) =>
      await follow(
        links.filter(({ callee }) => callee === service),
        false,
      ),
    link: async (name) =>
      await follow(
        links.filter((link) => link.name === name),
        true,
      ),
    follows: (link) => following.has(link),
  }
}

async function followCallee(
  link: PlannedLink,
  parts: RefusingParts,
  keepConnections: boolean,
): Promise<void> {
  const { control, clock, signal } = parts
  let isDown = false
  let pauseMs = checkFirstMs
  while (!signal.aborted && !(await someoneAccepts(link, parts))) {
    await control.takeDown(link.name, { expiresInMs: leaseMs, keepConnections })
    isDown = true
    await clock.sleep(pauseMs, signal)
    pauseMs = Math.min(checkLastMs, pauseMs * 1.1)
  }
  if (isDown) await control.bringUp(link.name)
}

async function someoneAccepts(
  { callee, port }: PlannedLink,
  { docker, plan }: RefusingParts,
): Promise<boolean> {
  const containers = await listContainers(docker, plan.project)
  // Before a new container has joined this network, the links do not find it.
  const [found] = plan.members.find(({ service }) => service === callee)?.networks ?? []
  const addresses = containers
    .filter(({ service, running }) => running && service === callee)
    .filter(({ networks }) => networks.some(({ name }) => name === found?.name))
    .flatMap(({ networks }) => networks.find(({ address }) => address !== '')?.address ?? [])
  const accepting = await Promise.all(
    addresses.map(async (address) => await acceptsConnections(port, address)),
  )
  return accepting.includes(true)
}
