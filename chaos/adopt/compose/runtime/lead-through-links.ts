import type { InstanceRequest, Lifecycle } from '#chaos/contracts/runtime.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import type { DirectSocket } from '../plan/connections.ts'
import { instancesOfPlan } from '../plan/plan-adoption.ts'

export interface LeadThroughLinksParts {
  readonly plan: Pick<AdoptionPlan, 'members'>
  readonly lifecycle: Pick<Lifecycle, 'kill' | 'start'>
  /** The connections between services that pass no link. */
  readonly find: () => Promise<readonly DirectSocket[]>
  /** Cuts them, and returns those that are still there. */
  readonly cut: (direct: readonly DirectSocket[]) => Promise<readonly DirectSocket[]>
}

/**
 * Makes every connection between services pass a link: cuts those that do not, and restarts the callers whose connections the kernel
 * cannot cut. Returns the connections that come back without a link, in words: they use a fixed address.
 */
export async function leadThroughLinks(
  { plan, lifecycle, find, cut }: LeadThroughLinksParts,
  request: InstanceRequest,
): Promise<readonly string[]> {
  // A caller outside of the project, such as a program of its user, is none of the flow.
  const between = async (): Promise<readonly DirectSocket[]> =>
    (await find()).filter(({ container }) => container !== undefined)
  const open = await between()
  if (open.length === 0) return []
  const left = new Set((await cut(open)).map(({ container }) => container))
  if (left.size === 0) return []
  for (const { name, container } of instancesOfPlan(plan)) {
    if (!left.has(container.id)) continue
    await lifecycle.kill(name, { ...request, planned: true })
    await lifecycle.start(name, request)
  }
  const fixed = await between()
  return fixed.map(({ caller, callee, port }) => `${caller} -> ${callee}:${port}`)
}
