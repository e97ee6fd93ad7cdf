import { ignoreStatuses } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Container, Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { hiddenLinksOf, linksContainerOf } from '../plan/adoption-plan.ts'
import type { OwnedParts } from './owned.ts'

/**
 * From now on, the names of callees resolve to the links, for all callers at once. Every callee must be on its network already, or the
 * links do not find it.
 */
export async function showLinks(links: Container, project: string): Promise<void> {
  await links.rename({ name: linksContainerOf(project) })
}

/**
 * From now on, the names of callees resolve to the real services. Connections through the links stay open. Returns whether that
 * changed anything. Repeating it is safe.
 */
export async function hideLinks(
  docker: Docker,
  { containers }: Pick<OwnedParts, 'containers'>,
): Promise<boolean> {
  const shown = containers.filter(
    ({ name, project, running }) => running && name === linksContainerOf(project),
  )
  await Promise.all(
    shown.map(async ({ id, project }) => {
      const name = hiddenLinksOf(project)
      // 409: another release hides them now.
      await ignoreStatuses([404, 409], docker.getContainer(id).rename({ name }))
    }),
  )
  return shown.length > 0
}
