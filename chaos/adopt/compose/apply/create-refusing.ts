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

/** A service that is down for long is asked less often. */
const [checkFirstMs, checkLastMs] = [300, 2_000]
/** If this process ends, the link listens again by itself. */
const leaseMs = 5_000

/**
 * Called when a container of a service has ended. While no container of the service accepts connections, its links refuse
 * them too: a health check through a link sees what it would see without it.
 */
export function createRefusing(parts: RefusingParts): (service: string) => Promise<void> {
  const following = new Set<string>()
  return async (service) => {
    if (following.has(service)) return
    following.add(service)
    try {
      const links = parts.plan.links.filter(({ callee }) => callee === service)
      await Promise.all(links.map(async (link) => await followCallee(link, parts)))
    } finally {
      following.delete(service)
    }
  }
}

async function followCallee(link: PlannedLink, parts: RefusingParts): Promise<void> {
  const { control, clock, signal } = parts
  let isDown = false
  let pauseMs = checkFirstMs
  while (!signal.aborted && !(await someoneAccepts(link, parts))) {
    await control.takeDown(link.name, { expiresInMs: leaseMs })
    isDown = true
    await clock.sleep(pauseMs, signal)
    pauseMs = Math.min(checkLastMs, pauseMs * 1.5)
  }
  if (isDown) await control.bringUp(link.name)
}

async function someoneAccepts(
  { callee, port }: PlannedLink,
  { docker, plan }: RefusingParts,
): Promise<boolean> {
  const containers = await listContainers(docker, plan.project)
  const addresses = containers
    .filter(({ service, running }) => running && service === callee)
    .flatMap(({ networks }) => networks.find(({ address }) => address !== '')?.address ?? [])
  const accepting = await Promise.all(
    addresses.map(async (address) => await acceptsConnections(port, address)),
  )
  return accepting.includes(true)
}
