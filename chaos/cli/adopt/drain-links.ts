import { hideLinks } from '#chaos/adopt/compose/apply/hide-links.ts'
import { findOwned } from '#chaos/adopt/compose/apply/owned.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'

import type { Cli } from '../cli.ts'

const pollMs = 250

/**
 * Heals every fault and lets new connections reach the real services. Then it waits until the connections that are open through
 * the links have ended by themselves, at most this long. Returns the number of those that are left.
 */
export async function drainLinks(cli: Cli, client: ApiClient, drainMs: number): Promise<number> {
  const { system, runtime } = await client.sandbox()
  if (runtime !== 'adopted') return 0
  await client.healAll()
  const docker = await connectEngine()
  await hideLinks(docker, await findOwned(docker, { project: system.name }))
  const untilMs = cli.clock.now() + drainMs
  let announced = false
  for (;;) {
    const open = await openConnections(client)
    if (open === 0 || cli.clock.now() >= untilMs) return open
    if (!announced)
      cli.err.line(
        `Waiting at most ${formatDuration(drainMs)} for ${open === 1 ? 'one open connection' : `${open} open connections`} to end ...`,
      )
    announced = true
    await cli.clock.sleep(pollMs, cli.signal)
  }
}

async function openConnections(client: ApiClient): Promise<number> {
  const { links } = await client.sandbox()
  return links.reduce((sum, { connections }) => sum + connections, 0)
}
