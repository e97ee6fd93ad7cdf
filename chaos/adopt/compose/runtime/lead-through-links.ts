import type { InstanceRequest, Lifecycle } from '#chaos/contracts/runtime.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import type { DirectConnections } from '../plan/connections.ts'
import { instancesOfPlan } from '../plan/plan-adoption.ts'

export interface LeadThroughLinksParts {
  readonly plan: Pick<AdoptionPlan, 'members'>
  readonly lifecycle: Pick<Lifecycle, 'kill' | 'start'>
  /** The connections between services that pass no link. */
  readonly find: () => Promise<readonly DirectConnections[]>
  /** Cuts them, and returns those that are still there. */
  readonly cut: (direct: readonly DirectConnections[]) => Promise<readonly DirectConnections[]>
}

/**
 * Makes every connection between services pass a link: cuts those that do not, and restarts the callers whose connections the kernel
 * cannot cut. Returns the connections that come back without a link, in words: they use a fixed address.
 */
export async function leadThroughLinks(
  { plan, lifecycle, find, cut }: LeadThroughLinksParts,
  request: InstanceRequest,
): Promise<readonly string[]> {
  const open = await find()
  if (open.length === 0) return []
  const left = new Set((await cut(open)).map(({ container }) => container))
  if (left.size === 0) return []
  for (const { name, container } of instancesOfPlan(plan)) {
    if (!left.has(container.id)) continue
    await lifecycle.kill(name, { ...request, planned: true })
    await lifecycle.start(name, request)
  }
  const fixed = await find()
  return fixed.map(({ caller, callee, port }) => `${caller} -> ${callee}:${port}`)
}
