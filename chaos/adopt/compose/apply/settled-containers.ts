import type { Clock } from '#chaos/lib/clock.ts'
import { acceptsConnections } from '#chaos/runtime/accepts-connections.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import type { ObservedContainer } from '../plan/observed-container.ts'
import { listContainers } from './compose-project.ts'

const pollMs = 200
/** A health check that takes longer does not delay the adoption. */
const healthyWithinMs = 30_000
/** A container with a known port and no health check. */
const listensWithinMs = 10_000
/** A container without a known port: whether it will listen is not known. */
const unknownPortMs = 2_000

/**
 * The containers of a project, when each of them listens or is healthy, at the latest after 30 s. One that has run for longer than
 * that is not waited for.
 */
export async function settledContainers(
  docker: Docker,
  project: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly ObservedContainer[]> {
  const fromMs = clock.now()
  for (;;) {
    const containers = await listContainers(docker, project)
    const passedMs = clock.now() - fromMs
    const nowMs = clock.wallTimeMs()
    const settled = await Promise.all(
      containers.map(
        async (one) => await isSettled(one, Math.max(passedMs, nowMs - one.startedMs)),
      ),
    )
    if (settled.every(Boolean)) return containers
    await clock.sleep(pollMs, signal)
  }
}

async function isSettled(
  { running, starting, networks, exposed, published }: ObservedContainer,
  passedMs: number,
): Promise<boolean> {
  if (!running || passedMs >= healthyWithinMs) return true
  if (starting) return false
  const ports = [...exposed, ...published].filter((port) => port.endsWith('/tcp'))
  if (ports.length === 0) return passedMs >= unknownPortMs
  const address = networks.find((network) => network.address !== '')?.address
  if (address === undefined || passedMs >= listensWithinMs) return true
  const open = ports.map(
    async (port) => await acceptsConnections(Number.parseInt(port, 10), address),
  )
  return (await Promise.all(open)).includes(true)
}
