import type { FaultContext, FaultRequest, InjectedFault } from '#chaos/contracts/fault.ts'
import type { LinkControl, LinkStatus, NewToxic, Toxic } from '#chaos/contracts/links.ts'

import { injectAll } from './inject-all.ts'
import type { LinkDirection } from './parameters.ts'
import { streamsOfDirection, toxicSettings } from './toxic-attributes.ts'

/** The toxic that a fault puts on its links. */
export interface ToxicPlan {
  readonly type: string
  /** Used when the fault has no parameter `direction`, or when it is absent. */
  readonly direction: LinkDirection
  /** The parameters that become attributes; all of the request's when absent. */
  readonly params?: object
}

/** Puts one toxic for each stream on every target link. Its lease lives in the data plane. */
export function injectToxics(
  request: FaultRequest<object>,
  context: Pick<FaultContext, 'links' | 'signal'>,
  plan: ToxicPlan,
): Promise<InjectedFault> {
  const toxics = toxicsOf(request, plan)
  return injectAll({
    mechanism: 'toxic',
    targets: request.targets,
    signal: context.signal,
    toxics: toxics.map(({ name }) => name),
    apply: (link) => addToxics(context.links, link, toxics),
    heal: (link) => removeToxics(context.links, link, toxics),
    remainsOn: (links) => haveToxic(links, toxics),
  })
}

export function toxicsOf(request: FaultRequest<object>, plan: ToxicPlan): readonly NewToxic[] {
  const { direction, ...settings } = toxicSettings(plan.type, plan.params ?? request.params)
  return streamsOfDirection[direction ?? plan.direction].map((stream) => ({
    name: toxicName(request.id, stream),
    type: plan.type,
    stream,
    ...settings,
    expiresInMs: request.leaseMs,
  }))
}

export async function addToxics(
  links: Pick<LinkControl, 'addToxic'>,
  link: string,
  toxics: readonly NewToxic[],
): Promise<void> {
  for (const toxic of toxics) await links.addToxic(link, toxic)
}

export async function removeToxics(
  links: Pick<LinkControl, 'removeToxic'>,
  link: string,
  toxics: readonly NewToxic[],
): Promise<void> {
  await Promise.all(toxics.map(({ name }) => links.removeToxic(link, name)))
}

/** Whether one of the toxics is on one of the links. */
export function haveToxic(
  links: readonly LinkStatus[],
  toxics: readonly Pick<Toxic, 'name'>[],
): boolean {
  const names = new Set(toxics.map(({ name }) => name))
  return links.some((link) => link.toxics.some(({ name }) => names.has(name)))
}

function toxicName(id: string, stream: Toxic['stream']): string {
  return `${id}-${stream}`
}
