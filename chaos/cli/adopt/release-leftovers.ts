import { findOwned } from '#chaos/adopt/compose/apply/owned.ts'
import { releaseProject } from '#chaos/adopt/compose/apply/release.ts'
import type { Released } from '#chaos/adopt/compose/apply/release.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'

import type { Cli } from '../cli.ts'
import { knownSandboxes } from '../sandbox/find.ts'

/** Removes what adoptions without a living controller have left, by their labels. */
export async function releaseLeftovers(
  cli: Cli,
): Promise<readonly (Released & { readonly project: string })[]> {
  // Another slot is still adopted: its parts are not leftovers.
  const alive = (await knownSandboxes(cli)).some(({ file }) => file.runtime === 'adopted')
  if (alive) return []
  const docker = await connectEngine()
  const { networks, containers } = await findOwned(docker)
  const projects = new Set([...networks, ...containers].map(({ project }) => project))
  return await Promise.all(
    [...projects].map(async (project) => ({
      project,
      ...(await releaseProject(docker, { project })),
    })),
  )
}
