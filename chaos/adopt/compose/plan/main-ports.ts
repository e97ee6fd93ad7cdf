import type { AdoptionPlan } from './adoption-plan.ts'
import { storeKindOf } from './known-protocol.ts'
import { instancesOfPlan } from './plan-adoption.ts'
import type { ProjectFacts } from './project-facts.ts'

/**
 * The port of each instance on which it accepts connections when it is ready. A port that is only named does not count: an image that
 * web and worker share names the port of the web, and nothing listens in the worker. A store that is still starting will listen, and so
 * will a service whose port is published.
 */
export function mainPorts(
  plan: Pick<AdoptionPlan, 'links' | 'members'>,
  listening: ProjectFacts['listening'],
): ReadonlyMap<string, number> {
  return new Map(
    instancesOfPlan(plan).flatMap(({ name, service, container }): readonly [string, number][] => {
      const own = plan.links.filter(({ callee }) => callee === service)
      const isStore = storeKindOf(container.image) !== undefined
      const link =
        own.find(({ port }) => listening.get(service)?.includes(port)) ??
        own.find(({ port }) => container.published.includes(`${port}/tcp`)) ??
        (isStore ? own[0] : undefined)
      return link === undefined ? [] : [[name, link.port]]
    }),
  )
}
