import type { FaultContext, FaultRequest, InjectedFault } from '#chaos/contracts/fault.ts'
import type { LinkControl, Toxic } from '#chaos/contracts/links.ts'

import { injectAll } from './inject-all.ts'
import type { Direction } from './parameters.ts'

export interface ToxicPlan {
  readonly type: string
  readonly direction: Direction
  readonly attributes: Toxic['attributes']
  readonly toxicity?: number | undefined
}

/** Puts one toxic per stream on every target link; its lease lives in the data plane. */
export function injectToxics(
  order: FaultRequest<unknown>,
  context: Pick<FaultContext, 'links' | 'signal'>,
  plan: ToxicPlan,
): Promise<InjectedFault> {
  const names = streamsOf(plan.direction).map((stream) => toxicName(order.id, stream))
  return injectAll({
    mechanism: 'toxic',
    targets: order.targets,
    signal: context.signal,
    toxics: names,
    apply: (link) => addToxics(context.links, link, order, plan),
    undo: (link) => removeToxics(context.links, link, order.id, plan.direction),
  })
}

export async function addToxics(
  links: Pick<LinkControl, 'addToxic'>,
  link: string,
  order: Pick<FaultRequest<unknown>, 'id' | 'leaseMs'>,
  plan: ToxicPlan,
): Promise<void> {
  for (const stream of streamsOf(plan.direction))
    await links.addToxic(link, {
      name: toxicName(order.id, stream),
      type: plan.type,
      stream,
      attributes: plan.attributes,
      expiresInMs: order.leaseMs,
      ...(plan.toxicity === undefined ? {} : { toxicity: plan.toxicity }),
    })
}

export async function removeToxics(
  links: Pick<LinkControl, 'removeToxic'>,
  link: string,
  id: string,
  direction: Direction,
): Promise<void> {
  await Promise.all(
    streamsOf(direction).map((stream) => links.removeToxic(link, toxicName(id, stream))),
  )
}

export function toxicName(id: string, stream: Toxic['stream']): string {
  return `${id}-${stream}`
}

export function streamsOf(direction: Direction): readonly Toxic['stream'][] {
  switch (direction) {
    case 'both':
      return ['upstream', 'downstream']
    case 'requests':
      return ['upstream']
    case 'replies':
      return ['downstream']
  }
}
